import { AutocompleteInput } from 'react-admin';
import { useCategories } from './useCategories.ts';

interface CategoryInputProps {
  source: string;
  label: string;
  alwaysOn?: boolean;
}

/** A choice out of the category tree, indented as it is. */
export function CategoryInput({ source, label }: CategoryInputProps) {
  const { all, isPending } = useCategories();
  const choices = all
    .filter(({ isArchived }) => !isArchived)
    .map(({ id, name, depth }) => ({ id, name: `${'  '.repeat(depth)}${name}` }));
  return (
    <AutocompleteInput source={source} label={label} choices={choices} isPending={isPending} sx={{ minWidth: 220 }} />
  );
}
