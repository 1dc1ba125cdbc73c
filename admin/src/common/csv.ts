import { downloadCSV } from 'react-admin';

type Cell = string | number | boolean | null | undefined | string[];

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

/** RFC 4180; a text that a spreadsheet would run as a formula is made a text again. */
export function cellText(cell: Cell): string {
  const given = Array.isArray(cell) ? cell.join('; ') : String(cell ?? '');
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(given) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
