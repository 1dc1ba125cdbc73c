import { TextField } from '@mui/material';
import { AccountForm, AccountPage } from '../account/AccountPage.tsx';
import { useChooseCommunity } from '../account/useHere.ts';
import { communities } from './communities.ts';

/** For administrators of the installation: a new community, with themselves as its first operator. */
export function NewCommunity() {
  const choose = useChooseCommunity();
  return (
    <AccountPage
      title="Found a community"
      help="You become its first operator. Short name, code and decimals stay for good; the rest can change."
      links={[{ to: '/communities', text: 'All communities' }]}
    >
      <AccountForm
        submit="Found the community"
        onSubmit={async ({ name = '', slug = '', currencyCode = '', currencyName = '', locale = '', timeZone = '' }) =>
          choose(await communities.verbs.createCommunity({ name, slug, currencyCode, currencyName, locale, timeZone }))
        }
      >
        <TextField
          name="name"
          label="Name"
          required
          fullWidth
          autoFocus
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
        <TextField
          name="slug"
          label="Short name"
          required
          fullWidth
          helperText="For addresses: small letters, digits and hyphens"
          slotProps={{ htmlInput: { pattern: '[a-z0-9][a-z0-9\\-]{1,62}' } }}
        />
        <TextField name="currencyName" label="Name of the currency" required fullWidth />
        <TextField
          name="currencyCode"
          label="Code of the currency"
          required
          fullWidth
          helperText="3 to 8 capitals"
          slotProps={{ htmlInput: { pattern: '[A-Z]{3,8}' } }}
        />
        <TextField name="locale" label="Language" required fullWidth defaultValue={navigator.language.slice(0, 2)} />
        <TextField
          name="timeZone"
          label="Time zone"
          required
          fullWidth
          defaultValue={Intl.DateTimeFormat().resolvedOptions().timeZone}
        />
      </AccountForm>
    </AccountPage>
  );
}
