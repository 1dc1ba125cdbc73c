import CoinageIcon from '@mui/icons-material/SavingsOutlined';
import MintIcon from '@mui/icons-material/TollOutlined';
import type { ResourceProps } from 'react-admin';
import { CoinageList } from './CoinageList.tsx';
import { MintList } from './MintList.tsx';

export default { name: 'coinage', icon: CoinageIcon, list: CoinageList } satisfies ResourceProps;
export const mints = { name: 'mints', icon: MintIcon, list: MintList } satisfies ResourceProps;
