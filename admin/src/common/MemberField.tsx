import { Autocomplete, TextField } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';

export interface NamedMember {
  id: string;
  displayName: string | null;
}

/** Finds an active member by a part of the name. */
export function MemberField({
  value,
  onChange,
}: {
  value: NamedMember | null;
  onChange(member: NamedMember | null): void;
}) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text);
  const { data = [], isFetching } = useQuery({
    queryKey: ['membersNamed', wanted],
    queryFn: () => dataProvider.membersNamed(wanted),
    placeholderData: (known) => known,
  });
  return (
    <Autocomplete<NamedMember>
      options={[...data]}
      value={value}
      loading={isFetching}
      filterOptions={(options) => options}
      getOptionLabel={({ displayName }) => displayName ?? ''}
      getOptionKey={({ id }) => id}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      onChange={(_event, member) => onChange(member)}
      onInputChange={(_event, typed) => setText(typed)}
      noOptionsText="No active member of that name"
      renderInput={(props) => <TextField {...props} label="Member" required margin="normal" />}
    />
  );
}
