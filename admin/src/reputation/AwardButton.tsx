import AwardIcon from '@mui/icons-material/VolunteerActivismOutlined';
import { MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { FormDialog } from '../common/FormDialog.tsx';
import { MemberField, type NamedMember } from '../common/MemberField.tsx';
import { ReasonField } from '../common/ReasonField.tsx';
import { RefusableButton } from '../common/RefusableButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { causes, pointsInWords, type NewAward } from './karma.ts';

const POINTS_MOST = 1000;

/** Gives a member points for work or a good flag. */
export function AwardButton() {
  const refusal = useRefusal('karmaAward');
  const [open, setOpen] = useState(false);
  return (
    <>
      <RefusableButton
        variant="contained"
        startIcon={<AwardIcon />}
        disabledBecause={refusal}
        onClick={() => setOpen(true)}
      >
        Give points
      </RefusableButton>
      {open && <AwardDialog close={() => setOpen(false)} />}
    </>
  );
}

function AwardDialog({ close }: { close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  // One dialog is one award, however often it is sent.
  const [id] = useState(() => crypto.randomUUID());
  const [member, setMember] = useState<NamedMember | null>(null);
  const [cause, setCause] = useState<NewAward['cause']>('COMMUNITY_WORK');
  const [points, setPoints] = useState('5');
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title="Give points"
      label="Give"
      isIncomplete={!member || !points || !reason.trim()}
      act={async () => {
        const { id: memberId, displayName } = member!;
        await dataProvider.awardKarma({ id, memberId, cause, points: Number(points), reason: reason.trim() });
        return `${displayName} has ${pointsInWords(Number(points))} more.`;
      }}
      close={close}
    >
      <MemberField value={member} onChange={setMember} />
      <TextField
        select
        fullWidth
        required
        margin="normal"
        label="For"
        value={cause}
        onChange={({ target }) => setCause(target.value as NewAward['cause'])}
      >
        {(['COMMUNITY_WORK', 'GOOD_FLAG'] as const).map((each) => (
          <MenuItem key={each} value={each}>
            {causes[each]}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        fullWidth
        required
        margin="normal"
        type="number"
        label="Points"
        value={points}
        onChange={({ target }) => setPoints(target.value)}
        slotProps={{ htmlInput: { min: 1, max: POINTS_MOST } }}
      />
      <ReasonField label="What they did" help="They read it." value={reason} onChange={setReason} />
    </FormDialog>
  );
}
