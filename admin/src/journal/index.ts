import JournalIcon from '@mui/icons-material/MenuBookOutlined';
import type { ResourceProps } from 'react-admin';
import { EntryShow } from './EntryShow.tsx';
import { JournalList } from './JournalList.tsx';

export default { name: 'journal', icon: JournalIcon, list: JournalList, show: EntryShow } satisfies ResourceProps;
