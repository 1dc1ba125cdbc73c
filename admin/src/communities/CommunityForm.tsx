import { Box, MenuItem, TextField } from '@mui/material';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Community } from './communities.ts';
import { SettingsCard } from './SettingsCard.tsx';

export function CommunityForm(community: Community) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { name, slug, description, visibility, locale, timeZone, memberCapacity, currency } = community;
  const save = (fields: FormData) =>
    dataProvider.updateCommunity({
      name: text(fields, 'name'),
      description: text(fields, 'description'),
      visibility: text(fields, 'visibility') as Community['visibility'],
      locale: text(fields, 'locale'),
      timeZone: text(fields, 'timeZone'),
      currencyName: text(fields, 'currencyName'),
      currencySymbol: text(fields, 'currencySymbol'),
      memberCapacity: Number(fields.get('memberCapacity')),
    });
  return (
    <SettingsCard
      title="Community"
      help={`Known as ${slug}; its currency is ${currency.code} with ${currency.scale} decimals. These stay.`}
      capability="communityEdit"
      submit="Save"
      done="The community is saved."
      onSubmit={save}
    >
      <TextField name="name" label="Name" required defaultValue={name} slotProps={{ htmlInput: { maxLength: 100 } }} />
      <TextField
        name="description"
        label="What it says of itself"
        multiline
        minRows={3}
        defaultValue={description}
        slotProps={{ htmlInput: { maxLength: 5000 } }}
      />
      <TextField name="visibility" select label="Public directory" defaultValue={visibility}>
        <MenuItem value="LISTED">Listed: everybody finds it</MenuItem>
        <MenuItem value="HIDDEN">Hidden: known to members and those they invite</MenuItem>
      </TextField>
      <Pair>
        <TextField name="locale" label="Language" required defaultValue={locale} helperText="Such as en or pt-BR" />
        <TextField
          name="timeZone"
          label="Time zone"
          required
          defaultValue={timeZone}
          helperText="Such as Europe/Berlin"
        />
      </Pair>
      <Pair>
        <TextField name="currencyName" label="Name of the currency" required defaultValue={currency.name} />
        <TextField name="currencySymbol" label="Symbol" defaultValue={currency.symbol} helperText="May be empty" />
      </Pair>
      <TextField
        name="memberCapacity"
        type="number"
        label="Most members"
        required
        defaultValue={memberCapacity ?? 10_000}
        slotProps={{ htmlInput: { min: 1, max: 10_000_000 } }}
      />
    </SettingsCard>
  );
}

export const text = (fields: FormData, name: string) => String(fields.get(name) ?? '').trim();

export const Pair = ({ children }: { children: React.ReactNode }) => (
  <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, alignItems: 'start' }}>
    {children}
  </Box>
);
