import { Alert } from '@mui/material';
import type { ReactNode } from 'react';
import { Show, useShowContext } from 'react-admin';
import { words } from '../errors.ts';

// A list leaves its short records behind as if they were whole ones; a query of another name does not find them.
const meta = { whole: true };

interface ShowPageProps {
  children: ReactNode;
  /** How often to read it again; false while nothing moves. */
  refetchInterval?(record: unknown): number | false;
}

/** The page of one record, read in full. */
export const ShowPage = ({ children, refetchInterval }: ShowPageProps) => (
  <Show
    actions={false}
    component="div"
    error={<ShowError />}
    queryOptions={{
      meta,
      ...(refetchInterval && { refetchInterval: ({ state }) => refetchInterval(state.data) }),
    }}
  >
    {children}
  </Show>
);

function ShowError() {
  const { error } = useShowContext();
  return <Alert severity="error">{words(error)}</Alert>;
}
