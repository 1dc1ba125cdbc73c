import TradeIcon from '@mui/icons-material/HandshakeOutlined';
import DisputeIcon from '@mui/icons-material/GavelOutlined';
import type { ResourceProps } from 'react-admin';
import { DisputeList } from './DisputeList.tsx';
import { TradeList } from './TradeList.tsx';
import { TradeShow } from './TradeShow.tsx';

export default {
  name: 'trades',
  icon: TradeIcon,
  list: TradeList,
  show: TradeShow,
  recordRepresentation: 'title',
} satisfies ResourceProps;

export const disputes = { name: 'disputes', icon: DisputeIcon, list: DisputeList } satisfies ResourceProps;
