import ListingIcon from '@mui/icons-material/SwapHoriz';
import type { ResourceProps } from 'react-admin';
import { ListingList } from './ListingList.tsx';
import { ListingShow } from './ListingShow.tsx';

export default {
  name: 'listings',
  icon: ListingIcon,
  list: ListingList,
  show: ListingShow,
  recordRepresentation: 'title',
} satisfies ResourceProps;
