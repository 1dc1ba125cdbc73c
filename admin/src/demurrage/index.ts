import DemurrageIcon from '@mui/icons-material/HourglassBottomOutlined';
import type { ResourceProps } from 'react-admin';
import { DemurragePage } from './DemurragePage.tsx';
import { RunShow } from './RunShow.tsx';

export default { name: 'demurrage', icon: DemurrageIcon, list: DemurragePage, show: RunShow } satisfies ResourceProps;
