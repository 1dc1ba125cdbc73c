import MembersIcon from '@mui/icons-material/PeopleAltOutlined';
import type { ResourceProps } from 'react-admin';
import { MemberList } from './MemberList.tsx';
import { MemberShow } from './MemberShow.tsx';

export default {
  name: 'members',
  icon: MembersIcon,
  list: MemberList,
  show: MemberShow,
  recordRepresentation: 'displayName',
} satisfies ResourceProps;
