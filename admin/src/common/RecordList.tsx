import { Alert } from '@mui/material';
import type { ReactElement } from 'react';
import { ExportButton, FilterButton, List, TopToolbar, useListContext, type Exporter } from 'react-admin';
import { words } from '../errors.ts';

interface RecordListProps {
  filters?: ReactElement[];
  exporter: Exporter;
  sort?: { field: string; order: 'ASC' | 'DESC' };
  children: ReactElement;
}

const EXPORT_MOST = 10_000;
const actions = (
  <TopToolbar>
    <FilterButton />
    <ExportButton label="Export CSV" maxResults={EXPORT_MOST} />
  </TopToolbar>
);

/** A list as every list here is: filters, pages, itself as a CSV file, and words where it cannot be read. */
export const RecordList = ({ filters, children, ...shown }: RecordListProps) => (
  <List {...shown} filters={filters ?? []} perPage={25} actions={actions} empty={false} error={<ListError />}>
    {children}
  </List>
);

function ListError() {
  const { error } = useListContext();
  return <Alert severity="error">{words(error)}</Alert>;
}
