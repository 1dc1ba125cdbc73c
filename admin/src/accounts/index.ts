import AccountIcon from '@mui/icons-material/AccountBalanceWalletOutlined';
import type { ResourceProps } from 'react-admin';
import { AccountList } from './AccountList.tsx';
import { AccountShow } from './AccountShow.tsx';

export default { name: 'accounts', icon: AccountIcon, list: AccountList, show: AccountShow } satisfies ResourceProps;
