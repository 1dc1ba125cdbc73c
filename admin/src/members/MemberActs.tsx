import ApproveIcon from '@mui/icons-material/Check';
import RejectIcon from '@mui/icons-material/Close';
import ReinstateIcon from '@mui/icons-material/PlayArrow';
import SuspendIcon from '@mui/icons-material/Block';
import { Box } from '@mui/material';
import { useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { MemberRow } from './members.ts';

/** What can be decided about a member in the state they are in. */
export function MemberActs() {
  const member = useRecordContext<MemberRow>();
  if (!member) return null;
  return (
    <Box sx={{ display: 'flex', gap: 1, justifyContent: 'flex-end' }}>
      {member.state === 'APPLIED' ? <Admission {...member} /> : <Standing {...member} />}
    </Box>
  );
}

function Admission({ id, displayName }: MemberRow) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('membersDecide');
  return (
    <>
      <ActButton
        label="Approve"
        icon={<ApproveIcon />}
        variant="contained"
        question={`Admit ${displayName}?`}
        explanation="They become a member at once, and are told."
        disabledBecause={refusal}
        run={() => dataProvider.approveMember(id)}
        done={`${displayName} is a member now.`}
      />
      <ActButton
        label="Reject"
        icon={<RejectIcon />}
        color="error"
        variant="text"
        question={`Reject ${displayName}?`}
        explanation="They are told the reason. They may apply again."
        reason="required"
        disabledBecause={refusal}
        run={(reason) => dataProvider.rejectMember({ memberId: id, reason })}
        done={`The application of ${displayName} is rejected.`}
      />
    </>
  );
}

function Standing({ id, displayName, state, isMe }: MemberRow) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('membersSuspend');
  if (state === 'SUSPENDED')
    return (
      <ActButton
        label="Reinstate"
        icon={<ReinstateIcon />}
        variant="text"
        question={`Reinstate ${displayName}?`}
        explanation="They may act again, with the roles they had."
        reason="required"
        disabledBecause={refusal}
        run={(reason) => dataProvider.reinstateMember({ memberId: id, reason })}
        done={`${displayName} is active again.`}
      />
    );
  const notNow = isMe
    ? 'You cannot suspend yourself.'
    : state === 'ACTIVE'
      ? undefined
      : 'Only an active member can be suspended.';
  return (
    <ActButton
      label="Suspend"
      icon={<SuspendIcon />}
      color="error"
      variant="text"
      question={`Suspend ${displayName}?`}
      explanation="They can do nothing here until they are reinstated, and their listings leave the directory. They are told the reason."
      reason="required"
      disabledBecause={refusal ?? notNow}
      run={(reason) => dataProvider.suspendMember({ memberId: id, reason })}
      done={`${displayName} is suspended.`}
    />
  );
}
