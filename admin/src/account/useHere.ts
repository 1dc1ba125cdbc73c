import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRemoveItemsFromStore } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { resourceNames } from '../dataProvider.ts';
import { session } from '../session.ts';
import { here } from './here.ts';

/** The viewer and their communities. */
export const useHere = () => useQuery({ queryKey: ['here'], queryFn: here });

/** Goes to another community; nothing that was read in the last one stays. */
export function useChooseCommunity() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const forget = useRemoveItemsFromStore();
  return (slug: string) => {
    session.choose(slug);
    // Filters may name a category or a member of the community that is left.
    for (const resource of resourceNames) forget(`${resource}.`);
    queries.clear();
    navigate('/');
  };
}
