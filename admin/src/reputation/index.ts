import KarmaIcon from '@mui/icons-material/EmojiEventsOutlined';
import type { ResourceProps } from 'react-admin';
import { KarmaList } from './KarmaList.tsx';

export default { name: 'karma', icon: KarmaIcon, list: KarmaList } satisfies ResourceProps;
