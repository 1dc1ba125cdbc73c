import UnderstandingIcon from '@mui/icons-material/HubOutlined';
import type { ResourceProps } from 'react-admin';
import { UnderstandingPage } from './UnderstandingPage.tsx';

export default { name: 'understanding', icon: UnderstandingIcon, list: UnderstandingPage } satisfies ResourceProps;
