import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify } from 'react-admin';
import { words } from '../errors.ts';

/** Runs a change of the tree, says what happened, and reads the tree again. */
export function useChange() {
  const notify = useNotify();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const change = async (run: () => Promise<unknown>, done: string): Promise<boolean> => {
    setBusy(true);
    try {
      await run();
      notify(done, { type: 'success' });
      await queries.invalidateQueries({ queryKey: ['categories'] });
      return true;
    } catch (error) {
      notify(words(error), { type: 'error' });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { change, busy };
}
