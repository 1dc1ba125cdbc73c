import EraseIcon from '@mui/icons-material/DeleteForeverOutlined';
import { useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Member } from './members.ts';

/** Erases a person from this community, for ever. */
export function EraseMember({ id, displayName, isMe }: Member) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('membersErase');
  return (
    <ActButton
      label="Erase"
      icon={<EraseIcon />}
      color="error"
      variant="text"
      question={`Erase ${displayName}?`}
      explanation="Name, contact, profile and the content of their listings go for ever, and the membership ends. What they traded stays, without their name. This cannot be undone."
      reason="required"
      disabledBecause={refusal ?? (isMe ? 'Leave the community first; then you can erase yourself.' : undefined)}
      run={(reason) => dataProvider.eraseMember({ memberId: id, reason })}
      done={`${displayName} is erased.`}
    />
  );
}
