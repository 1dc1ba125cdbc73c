import SynonymIcon from '@mui/icons-material/CompareArrowsOutlined';
import type { ResourceProps } from 'react-admin';
import { SynonymList } from './SynonymList.tsx';

export default { name: 'synonyms', icon: SynonymIcon, list: SynonymList } satisfies ResourceProps;
