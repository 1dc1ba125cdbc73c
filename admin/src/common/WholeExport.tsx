import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import { Button, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useNotify } from 'react-admin';
import { words } from '../errors.ts';
import { saveFile } from '../request.ts';
import { useRefusal } from './useRefusal.ts';

/** Saves all members or listings as the file that an import reads again: every state and every column, whatever the filters show. */
export function WholeExport({ of }: { of: 'members' | 'listings' }) {
  const notify = useNotify();
  const refusal = useRefusal('exportRun');
  const [busy, setBusy] = useState(false);
  async function save() {
    setBusy(true);
    try {
      await saveFile(`/exports/${of}.csv?bom=1`, `${of}.csv`);
    } catch (error) {
      notify(words(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Tooltip title={refusal ?? `All ${of} with every column, as an import takes them. Goes into the audit log.`}>
      <span tabIndex={refusal ? 0 : undefined}>
        <Button
          size="small"
          color="inherit"
          startIcon={<DownloadIcon />}
          disabled={busy || refusal !== undefined}
          onClick={() => void save()}
        >
          Download all
        </Button>
      </span>
    </Tooltip>
  );
}
