import { Box, FormControlLabel, FormHelperText, MenuItem, Switch, TextField } from '@mui/material';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Policies } from './communities.ts';
import { Pair, text } from './CommunityForm.tsx';
import type { PolicyGroup } from './policyGroups.ts';
import { SettingsCard } from './SettingsCard.tsx';

/** A group of the rules a community sets for itself, saved with a reason. */
export function PoliciesForm({ group, policies }: { group: PolicyGroup; policies: Policies }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { title, help, submit, choices, numbers, switches } = group;
  const [saves, setSaves] = useState(0);
  async function save(fields: FormData) {
    await dataProvider.updatePolicies(
      Object.fromEntries([
        ...choices.map(({ name }) => [name, fields.get(name)]),
        ...numbers.map(({ name }) => [name, Number(fields.get(name))]),
        ...switches.map(({ name }) => [name, fields.has(name)]),
      ]),
      text(fields, 'reason'),
    );
    setSaves(saves + 1);
  }
  return (
    <SettingsCard
      title={title}
      help={help}
      capability="communityEdit"
      submit={submit}
      done="The policies are saved."
      onSubmit={save}
    >
      {choices.map(({ name, label, options }) => (
        <TextField key={name} name={name} select label={label} defaultValue={policies[name]}>
          {Object.entries(options).map(([value, words]) => (
            <MenuItem key={value} value={value}>
              {words}
            </MenuItem>
          ))}
        </TextField>
      ))}
      <Pair>
        {numbers.map(({ name, label, help, least, most }) => (
          <TextField
            key={name}
            name={name}
            type="number"
            label={label}
            required
            defaultValue={policies[name]}
            helperText={help}
            slotProps={{ htmlInput: { min: least, max: most } }}
          />
        ))}
      </Pair>
      {switches.map(({ name, label, help }) => (
        <Box key={name}>
          <FormControlLabel
            label={label}
            control={<Switch name={name} size="small" defaultChecked={policies[name]} sx={{ mr: 1 }} />}
            sx={{ ml: 0 }}
          />
          <FormHelperText sx={{ mt: 0 }}>{help}</FormHelperText>
        </Box>
      ))}
      {/* A new field after each save: the next change has a reason of its own. */}
      <TextField
        key={saves}
        name="reason"
        label="Reason"
        helperText="Members read it in the history, and the audit log keeps it."
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
    </SettingsCard>
  );
}
