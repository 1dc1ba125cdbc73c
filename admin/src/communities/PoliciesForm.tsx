import { Box, FormControlLabel, FormHelperText, MenuItem, Switch, TextField } from '@mui/material';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Policies } from './communities.ts';
import { Pair, text } from './CommunityForm.tsx';
import { SettingsCard } from './SettingsCard.tsx';

type Named<Value> = { [P in keyof Policies]: Policies[P] extends Value ? P : never }[keyof Policies];

const numbers: { name: Named<number>; label: string; least: number; most: number }[] = [
  { name: 'listingDays', label: 'Days an offer stays published', least: 1, most: 3650 },
  { name: 'wantDays', label: 'Days a want stays published', least: 1, most: 3650 },
  { name: 'reminderDays', label: 'Days of warning before the end', least: 0, most: 365 },
  { name: 'openInvitationsPerMember', label: 'Open invitations per member', least: 0, most: 1000 },
  { name: 'minimumOffers', label: 'Offers an applicant prepares', least: 0, most: 50 },
  { name: 'minimumWants', label: 'Wants an applicant prepares', least: 0, most: 50 },
];

const switches: { name: Named<boolean>; label: string; help: string }[] = [
  { name: 'invitedNeedApproval', label: 'Invited people wait for approval', help: 'Else they are members at once.' },
  { name: 'publicListings', label: 'Outsiders see offers and wants', help: 'Only what is published.' },
  { name: 'publishStatistics', label: 'Outsiders see how many members there are', help: 'The number, never names.' },
];

/** The rules a community sets for itself. */
export function PoliciesForm(policies: Policies) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const save = (fields: FormData) =>
    dataProvider.updatePolicies(
      {
        admission: fields.get('admission') as Policies['admission'],
        ...Object.fromEntries(numbers.map(({ name }) => [name, Number(fields.get(name))])),
        ...Object.fromEntries(switches.map(({ name }) => [name, fields.has(name)])),
      },
      text(fields, 'reason'),
    );
  return (
    <SettingsCard
      title="Policies"
      help="They hold from the moment they are saved, for everybody."
      capability="communityEdit"
      submit="Save policies"
      done="The policies are saved."
      onSubmit={save}
    >
      <TextField name="admission" select label="How one joins" defaultValue={policies.admission}>
        <MenuItem value="OPEN">Open: at once</MenuItem>
        <MenuItem value="APPROVAL">Approval: an operator decides</MenuItem>
        <MenuItem value="INVITATION">Invitation: only who is invited</MenuItem>
      </TextField>
      <Pair>
        {numbers.map(({ name, label, least, most }) => (
          <TextField
            key={name}
            name={name}
            type="number"
            label={label}
            required
            defaultValue={policies[name]}
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
      <TextField
        name="reason"
        label="Reason"
        helperText="Members read it in the history, and the audit log keeps it."
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
    </SettingsCard>
  );
}
