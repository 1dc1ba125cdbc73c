import SettingsIcon from '@mui/icons-material/TuneOutlined';
import type { ResourceProps } from 'react-admin';
import { SettingsPage } from './SettingsPage.tsx';

export default { name: 'settings', icon: SettingsIcon, list: SettingsPage } satisfies ResourceProps;
