import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import UploadIcon from '@mui/icons-material/UploadFileOutlined';
import { Box, Button, Tooltip } from '@mui/material';
import { downloadCSV, useDataProvider } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { useChange } from './useChange.ts';

/** The tree as a file: saved, or read from one. A file changes and adds by key; what it does not name stays. */
export function CategoryFile() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('categoriesEdit');
  const { change, busy } = useChange();
  const disabled = busy || refusal !== undefined;

  const read = (file: File) =>
    change(async () => {
      const format = /\.json$/i.test(file.name) ? 'JSON' : 'CSV';
      await dataProvider.importCategories({ format, text: await file.text() });
    }, `The categories of ${file.name} are in the tree.`);

  return (
    <>
      <Tooltip
        title={refusal ?? 'Columns key, parent_key and name; or the same as JSON. All of it is taken, or nothing.'}
      >
        <span tabIndex={refusal ? 0 : undefined}>
          <Button component="label" size="small" color="inherit" startIcon={<UploadIcon />} disabled={disabled}>
            Import file
            <Box
              component="input"
              type="file"
              accept=".csv,.json,text/csv,application/json"
              aria-label="Category file"
              disabled={disabled}
              onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => {
                const [file] = target.files ?? [];
                if (file) void read(file);
                // The same file can be chosen again once it is mended.
                target.value = '';
              }}
              sx={{ position: 'absolute', width: 1, height: 1, opacity: 0 }}
            />
          </Button>
        </span>
      </Tooltip>
      <Button
        size="small"
        color="inherit"
        startIcon={<DownloadIcon />}
        disabled={disabled}
        onClick={() =>
          void change(
            async () => downloadCSV(await dataProvider.exportCategories(), 'categories'),
            'The tree is saved.',
          )
        }
      >
        Download
      </Button>
    </>
  );
}
