import { downloadCSV } from 'react-admin';
import { cellText, type Cell } from './cell.ts';

/** An exporter for a list: one line for each record, with these columns. */
export const csvExporter =
  <R>(fileName: string, columns: Record<string, (record: R) => Cell>) =>
  (records: R[]) => {
    const lines = [
      Object.keys(columns),
      ...records.map((record) => Object.values(columns).map((column) => column(record))),
    ];
    downloadCSV(lines.map((line) => line.map(cellText).join(',')).join('\r\n'), fileName);
  };
