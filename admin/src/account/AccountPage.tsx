import { Alert, Box, Button, Link as MuiLink, Paper, Typography } from '@mui/material';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { words } from '../errors.ts';
import { Brand } from '../layout/Brand.tsx';

interface AccountPageProps {
  title: string;
  help?: ReactNode;
  children?: ReactNode;
  /** Where else one may want to go. */
  links?: { to: string; text: string }[];
}

/** A page outside a community: a sheet of paper with one thing to do. */
export function AccountPage({ title, help, children, links = [] }: AccountPageProps) {
  const titleId = useId();
  useEffect(() => {
    document.title = `${title} · Kith`;
  }, [title]);
  return (
    <Box
      component="main"
      sx={{
        minHeight: '100vh',
        display: 'flex',
        flexDirection: 'column',
        alignItems: 'center',
        pt: { xs: 5, sm: 10 },
        px: 2,
        pb: 4,
        backgroundColor: 'background.default',
        color: 'text.primary',
      }}
    >
      <Brand size={36} />
      <Paper
        component="section"
        aria-labelledby={titleId}
        variant="outlined"
        sx={{ width: '100%', maxWidth: 420, mt: 3, p: { xs: 2.5, sm: 4 }, borderRadius: 3 }}
      >
        <Typography id={titleId} variant="h1" sx={{ fontSize: '1.5rem' }}>
          {title}
        </Typography>
        {help && (
          <Typography component="div" color="textSecondary" sx={{ mt: 1 }}>
            {help}
          </Typography>
        )}
        {children}
      </Paper>
      <Box component="nav" aria-label="Account" sx={{ mt: 2.5, display: 'flex', gap: 3, flexWrap: 'wrap' }}>
        {links.map(({ to, text }) => (
          <MuiLink key={to} component={Link} to={to} color="textSecondary">
            {text}
          </MuiLink>
        ))}
      </Box>
    </Box>
  );
}

interface AccountFormProps {
  submit: string;
  children?: ReactNode;
  /** What the form is for; an error it throws is told in words above the button. */
  onSubmit(fields: Record<string, string>): Promise<void>;
}

/** A form of plain fields, read by their names. */
export function AccountForm({ submit, children, onSubmit }: AccountFormProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function send(form: HTMLFormElement) {
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])));
    } catch (error) {
      setFailure(words(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Box
      component="form"
      sx={{ mt: 2, display: 'grid', gap: 2 }}
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget as HTMLFormElement);
      }}
    >
      {children}
      {failure && <Alert severity="error">{failure}</Alert>}
      <Button type="submit" variant="contained" size="large" disabled={busy}>
        {submit}
      </Button>
    </Box>
  );
}
