import AwardIcon from '@mui/icons-material/VolunteerActivismOutlined';
import {
  Alert,
  Autocomplete,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  MenuItem,
  TextField,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useDataProvider, useNotify, useRefresh } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import type { MemberRow } from '../members/members.ts';
import { causes, type NewAward } from './karma.ts';

const POINTS_MOST = 1000;

/** Gives a member points for work or a good flag. */
export function AwardButton() {
  const refusal = useRefusal('karmaAward');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="contained"
        startIcon={<AwardIcon />}
        disabled={refusal !== undefined}
        onClick={() => setOpen(true)}
      >
        Give points
      </Button>
      {open && <AwardDialog close={() => setOpen(false)} />}
    </>
  );
}

function AwardDialog({ close }: { close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const titleId = useId();
  // One dialog is one award, however often it is sent.
  const [id] = useState(() => crypto.randomUUID());
  const [member, setMember] = useState<MemberRow | null>(null);
  const [failure, setFailure] = useState<string>();

  async function award(form: FormData) {
    setFailure(undefined);
    try {
      const [points, reason] = [Number(form.get('points')), String(form.get('reason')).trim()];
      const cause = form.get('cause') as NewAward['cause'];
      await dataProvider.awardKarma({ id, memberId: member!.id, cause, points, reason });
      close();
      notify(`${member!.displayName} has ${points} points more.`, { type: 'success' });
      refresh();
    } catch (error) {
      setFailure(words(error));
    }
  }

  return (
    <Dialog open onClose={close} aria-labelledby={titleId} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void award(new FormData(event.currentTarget));
        }}
      >
        <DialogTitle id={titleId}>Give points</DialogTitle>
        <DialogContent>
          <MemberField value={member} onChange={setMember} />
          <TextField select fullWidth required margin="dense" name="cause" label="For" defaultValue="COMMUNITY_WORK">
            {(['COMMUNITY_WORK', 'GOOD_FLAG'] as const).map((cause) => (
              <MenuItem key={cause} value={cause}>
                {causes[cause]}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            fullWidth
            required
            margin="dense"
            type="number"
            name="points"
            label="Points"
            defaultValue={5}
            slotProps={{ htmlInput: { min: 1, max: POINTS_MOST } }}
          />
          <TextField fullWidth required multiline minRows={2} margin="dense" name="reason" label="What they did" />
          {failure && <Alert severity="error">{failure}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={!member}>
            Give
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function MemberField({ value, onChange }: { value: MemberRow | null; onChange(member: MemberRow | null): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [text, setText] = useState('');
  const { data = [] } = useQuery({
    queryKey: ['karma', 'members', text],
    queryFn: async () => {
      const pagination = { page: 1, perPage: 20 };
      const sort = { field: 'displayName', order: 'ASC' as const };
      const filter = { text, state: 'ACTIVE' };
      return (await dataProvider.getList<MemberRow>('members', { pagination, sort, filter })).data;
    },
  });
  return (
    <Autocomplete
      options={data}
      value={value}
      filterOptions={(options) => options}
      getOptionLabel={({ displayName }) => displayName}
      getOptionKey={({ id }) => id}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      onInputChange={(_event, typed) => setText(typed)}
      onChange={(_event, member) => onChange(member)}
      renderInput={(params) => <TextField {...params} autoFocus required margin="dense" label="Member" />}
    />
  );
}
