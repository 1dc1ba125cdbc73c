import { Alert, Box, Skeleton, TextField } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { PageHeader } from '../common/PageHeader.tsx';
import { SettingsCard } from '../communities/SettingsCard.tsx';
import { words } from '../errors.ts';
import { changePassword, readProfile, updateMyProfile, updateUser, type Profile } from './profile.ts';
import { Sessions } from './Sessions.tsx';

const NAME_MOST = 100;
const PASSWORD_LEAST = 10;
const PASSWORD_MOST = 200;

/** What belongs to the person who is signed in: name, password, sessions, and how this community sees them. */
export function ProfilePage() {
  const { data, error } = useQuery({ queryKey: ['profile'], queryFn: readProfile });
  return (
    <>
      <PageHeader title="Your account" help={data?.me?.email} />
      {error && <Alert severity="error">{words(error)}</Alert>}
      {!data && !error && <Skeleton variant="rounded" height={360} />}
      {data && (
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' }, alignItems: 'start' }}>
          <Box sx={{ display: 'grid', gap: 2 }}>
            {data.me && <You {...data.me} />}
            <Password />
          </Box>
          {data.myMember && <InThisCommunity {...data.myMember} />}
          <Box sx={{ gridColumn: '1 / -1', minWidth: 0 }}>
            <Sessions sessions={data.sessions} />
          </Box>
        </Box>
      )}
    </>
  );
}

const text = (fields: FormData, name: string) => String(fields.get(name) ?? '').trim();

const You = ({ name, locale }: NonNullable<Profile['me']>) => (
  <SettingsCard
    title="You"
    help="The same in every community you belong to."
    submit="Save"
    done="Your name and language are saved."
    onSubmit={(fields) => updateUser({ name: text(fields, 'name'), locale: text(fields, 'locale') })}
  >
    <TextField
      name="name"
      label="Name"
      required
      defaultValue={name}
      slotProps={{ htmlInput: { maxLength: NAME_MOST } }}
    />
    <TextField
      name="locale"
      label="Language"
      required
      defaultValue={locale}
      helperText="Of mails about your account, such as en or ru."
    />
  </SettingsCard>
);

const Password = () => (
  <SettingsCard
    title="Password"
    help="A new one ends your other sessions."
    submit="Change password"
    done="The password is changed; your other sessions have ended."
    clears
    onSubmit={(fields) =>
      // A password is taken as it is: blanks may belong to it.
      changePassword({
        currentPassword: String(fields.get('currentPassword')),
        newPassword: String(fields.get('newPassword')),
      })
    }
  >
    <TextField
      name="currentPassword"
      type="password"
      label="Present password"
      required
      autoComplete="current-password"
      slotProps={{ htmlInput: { maxLength: PASSWORD_MOST } }}
    />
    <TextField
      name="newPassword"
      type="password"
      label="New password"
      required
      autoComplete="new-password"
      helperText={`At least ${PASSWORD_LEAST} characters; a few words make a good one.`}
      slotProps={{ htmlInput: { minLength: PASSWORD_LEAST, maxLength: PASSWORD_MOST } }}
    />
  </SettingsCard>
);

const InThisCommunity = ({ displayName, bio, contactEmail, phone, locale }: NonNullable<Profile['myMember']>) => (
  <SettingsCard
    title="In this community"
    help="What its members see of you, and how its operators reach you."
    submit="Save"
    done="Your profile is saved."
    onSubmit={(fields) =>
      updateMyProfile({
        displayName: text(fields, 'displayName'),
        bio: text(fields, 'bio'),
        contactEmail: text(fields, 'contactEmail') || null,
        phone: text(fields, 'phone') || null,
        locale: text(fields, 'locale'),
      })
    }
  >
    <TextField
      name="displayName"
      label="Shown name"
      required
      defaultValue={displayName}
      slotProps={{ htmlInput: { maxLength: 80 } }}
    />
    <TextField
      name="bio"
      label="About you"
      multiline
      minRows={4}
      maxRows={12}
      defaultValue={bio}
      slotProps={{ htmlInput: { maxLength: 5000 } }}
    />
    <TextField name="contactEmail" type="email" label="Contact e-mail" defaultValue={contactEmail ?? ''} />
    <TextField name="phone" label="Phone" defaultValue={phone ?? ''} slotProps={{ htmlInput: { maxLength: 40 } }} />
    <TextField
      name="locale"
      label="Language here"
      required
      defaultValue={locale}
      helperText="Of what this community tells you: en, ru, de, es, fr or zh."
    />
  </SettingsCard>
);
