import InvitationIcon from '@mui/icons-material/MailOutlined';
import type { ResourceProps } from 'react-admin';
import { InvitationList } from './InvitationList.tsx';

export default { name: 'invitations', icon: InvitationIcon, list: InvitationList } satisfies ResourceProps;
