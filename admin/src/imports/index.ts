import ImportIcon from '@mui/icons-material/UploadFileOutlined';
import type { ResourceProps } from 'react-admin';
import { ImportList } from './ImportList.tsx';
import { ImportShow } from './ImportShow.tsx';

export default {
  name: 'imports',
  icon: ImportIcon,
  list: ImportList,
  show: ImportShow,
  recordRepresentation: 'fileName',
} satisfies ResourceProps;
