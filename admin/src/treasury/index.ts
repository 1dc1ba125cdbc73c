import TreasuryIcon from '@mui/icons-material/AccountBalanceOutlined';
import type { ResourceProps } from 'react-admin';
import { TreasuryPage } from './TreasuryPage.tsx';

export default { name: 'treasury', icon: TreasuryIcon, list: TreasuryPage } satisfies ResourceProps;
