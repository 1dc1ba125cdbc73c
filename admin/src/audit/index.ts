import AuditIcon from '@mui/icons-material/HistoryEdu';
import type { ResourceProps } from 'react-admin';
import { AuditLog } from './AuditLog.tsx';

export default { name: 'audit', icon: AuditIcon, list: AuditLog } satisfies ResourceProps;
