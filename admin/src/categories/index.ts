import CategoryIcon from '@mui/icons-material/AccountTreeOutlined';
import type { ResourceProps } from 'react-admin';
import { CategoryPage } from './CategoryPage.tsx';

export default { name: 'categories', icon: CategoryIcon, list: CategoryPage } satisfies ResourceProps;
