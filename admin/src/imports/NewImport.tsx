import UploadIcon from '@mui/icons-material/UploadFileOutlined';
import {
  Alert,
  Box,
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  MenuItem,
  TextField,
  Tooltip,
  Typography,
} from '@mui/material';
import { useId, useState } from 'react';
import { useDataProvider } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import type { Import } from './imports.ts';

type Kind = Import['kind'];
type Placeholders = Import['options']['placeholderMembers'];

const columns: Record<Kind, string> = {
  MEMBERS: 'Needs a column name. May have external_id, email, phone, bio, roles, latitude, longitude, locale.',
  LISTINGS:
    'Needs the columns kind and title. May have external_id, member, description, category, tags, terms, price, unit, latitude, longitude and more.',
};

/** Takes a CSV file to be checked. */
export function NewImport() {
  const [open, setOpen] = useState(false);
  const refusal = useRefusal('importRun');
  return (
    <>
      <Tooltip title={refusal ?? ''}>
        <span>
          <Button
            variant="contained"
            startIcon={<UploadIcon />}
            disabled={refusal !== undefined}
            onClick={() => setOpen(true)}
          >
            Import a file
          </Button>
        </span>
      </Tooltip>
      {open && <NewImportDialog close={() => setOpen(false)} />}
    </>
  );
}

function NewImportDialog({ close }: { close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const navigate = useNavigate();
  const titleId = useId();
  const [kind, setKind] = useState<Kind>('LISTINGS');
  const [file, setFile] = useState<File>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function send(fields: FormData) {
    if (!file) return;
    setBusy(true);
    setFailure(undefined);
    const options = {
      createMissingCategories: fields.has('createMissingCategories'),
      placeholderMembers: (fields.get('placeholderMembers') ?? 'NONE') as Placeholders,
      invite: fields.has('invite'),
    };
    try {
      const id = await dataProvider.sendImport(file, { kind, options });
      navigate(`/imports/${encodeURIComponent(id)}/show`);
    } catch (error) {
      setFailure(words(error));
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={busy ? undefined : close} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send(new FormData(event.currentTarget));
        }}
      >
        <DialogTitle id={titleId}>Import a CSV file</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <TextField
            select
            margin="dense"
            label="What the lines are"
            value={kind}
            helperText={columns[kind]}
            onChange={({ target }) => setKind(target.value as Kind)}
          >
            <MenuItem value="LISTINGS">Offers and wants</MenuItem>
            <MenuItem value="MEMBERS">Members</MenuItem>
          </TextField>
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
            <Button component="label" variant="outlined" sx={{ flexShrink: 0 }}>
              Choose a file
              <Box
                component="input"
                type="file"
                accept=".csv,text/csv"
                aria-label="CSV file"
                onChange={(event: React.ChangeEvent<HTMLInputElement>) => setFile(event.target.files?.[0])}
                sx={{ position: 'absolute', width: 1, height: 1, opacity: 0 }}
              />
            </Button>
            <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
              {file ? `${file.name}, ${Math.ceil(file.size / 1024).toLocaleString()} kB` : 'None chosen yet'}
            </Typography>
          </Box>
          {kind === 'LISTINGS' ? (
            <>
              <TextField
                name="placeholderMembers"
                select
                label="Listings of people the community does not know"
                defaultValue="NONE"
              >
                <MenuItem value="NONE">Refuse the line</MenuItem>
                <MenuItem value="EACH">Make a placeholder member for each</MenuItem>
                <MenuItem value="ONE">Share one placeholder where nobody is named</MenuItem>
              </TextField>
              <FormControlLabel
                control={<Checkbox name="createMissingCategories" size="small" />}
                label="Make categories that are missing"
              />
            </>
          ) : (
            <FormControlLabel
              control={<Checkbox name="invite" size="small" />}
              label="Invite new members who have an address"
            />
          )}
          <Typography variant="body2" color="textSecondary">
            The file is checked first. Nothing is written before you start it.
          </Typography>
          {failure && <Alert severity="error">{failure}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close} disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={busy || !file}>
            Check the file
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
