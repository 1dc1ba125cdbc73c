import { Alert, Box, Button, Card, CardContent, FormHelperText, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useNotify } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import { words } from '../errors.ts';

interface SettingsCardProps {
  title: string;
  help: string;
  /** Left out: for everybody, such as one's own account. */
  capability?: string;
  /** Empties the fields when it is done: a password does not stay in sight. */
  clears?: boolean;
  submit: string;
  done: string;
  children: ReactNode;
  onSubmit(fields: FormData): Promise<unknown>;
}

/** One group of settings that is saved together. */
export function SettingsCard({ title, help, capability, clears, submit, done, children, onSubmit }: SettingsCardProps) {
  const refusal = useRefusal(capability);
  const notify = useNotify();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function save(form: HTMLFormElement) {
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit(new FormData(form));
      if (clears) form.reset();
      await queries.invalidateQueries();
      notify(done, { type: 'success' });
    } catch (error) {
      setFailure(words(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card component="section" aria-label={title}>
      <CardContent
        component="form"
        sx={{ display: 'grid', gap: 2 }}
        onSubmit={(event) => {
          event.preventDefault();
          void save(event.currentTarget as HTMLFormElement);
        }}
      >
        <Box>
          <Typography variant="h2">{title}</Typography>
          <Typography variant="body2" color="textSecondary">
            {help}
          </Typography>
        </Box>
        {children}
        {failure && <Alert severity="error">{failure}</Alert>}
        <Box>
          <Button type="submit" variant="contained" disabled={busy || refusal !== undefined}>
            {submit}
          </Button>
          {refusal && <FormHelperText>{refusal}</FormHelperText>}
        </Box>
      </CardContent>
    </Card>
  );
}
