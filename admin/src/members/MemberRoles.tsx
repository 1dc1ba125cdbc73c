import { Alert, Button, Checkbox, FormControlLabel, FormGroup, FormHelperText } from '@mui/material';
import { useState } from 'react';
import { useDataProvider, useNotify, useRefresh } from 'react-admin';
import { inWords } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { ROLES } from './MemberList.tsx';
import type { Member, Role } from './members.ts';

const meanings: Record<(typeof ROLES)[number], string> = {
  BROKER: 'acts for people who are offline, sees contacts',
  MODERATOR: 'hides listings, suspends members, edits categories',
  TREASURER: 'reads figures and the audit log',
  OPERATOR: 'may do everything in this community',
};

/** Gives and takes roles. */
export function MemberRoles({ id, roles, state, displayName }: Member) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const [wanted, setWanted] = useState<readonly Role[]>(roles ?? []);
  const [failure, setFailure] = useState<string>();
  const notNow =
    useRefusal('membersGrantRoles') ?? (state === 'ACTIVE' ? undefined : 'Only an active member has roles.');
  const isSame = wanted.length === roles?.length && wanted.every((role) => roles.includes(role));

  async function save() {
    setFailure(undefined);
    try {
      await dataProvider.setMemberRoles({ memberId: id, roles: [...wanted] });
      notify(`${displayName} has these roles from now on.`, { type: 'success' });
      refresh();
    } catch (error) {
      setFailure(words(error));
    }
  }

  return (
    <>
      <FormGroup>
        {ROLES.map((role) => (
          <FormControlLabel
            key={role}
            disabled={notNow !== undefined}
            label={
              <>
                {inWords(role)} <FormHelperText component="span">{meanings[role]}</FormHelperText>
              </>
            }
            control={
              <Checkbox
                size="small"
                checked={wanted.includes(role)}
                onChange={({ target }) =>
                  setWanted(target.checked ? [...wanted, role] : wanted.filter((other) => other !== role))
                }
              />
            }
          />
        ))}
      </FormGroup>
      {failure && <Alert severity="error">{failure}</Alert>}
      <Button
        variant="outlined"
        size="small"
        sx={{ mt: 1 }}
        disabled={isSame || notNow !== undefined}
        onClick={() => void save()}
      >
        Save roles
      </Button>
      {notNow && <FormHelperText>{notNow}</FormHelperText>}
    </>
  );
}
