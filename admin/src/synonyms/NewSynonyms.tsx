import AddIcon from '@mui/icons-material/Add';
import { Box, Button, Card, CardContent, TextField } from '@mui/material';
import { useState } from 'react';
import { useDataProvider, useNotify, useRefresh } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { termsOf } from './synonyms.ts';

/** One line that makes words equal. */
export function NewSynonyms() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const refusal = useRefusal('synonymsEdit');
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string>();
  const terms = termsOf(text);

  async function add() {
    setFailure(undefined);
    try {
      await dataProvider.createSynonyms(terms);
      setText('');
      notify('Search treats these words as equal. It may take a moment until every listing is found by them.', {
        type: 'success',
      });
      refresh();
    } catch (error) {
      setFailure(words(error));
    }
  }

  return (
    <Card component="section" aria-label="New set">
      <CardContent
        component="form"
        sx={{ p: 2, '&:last-child': { pb: 2 } }}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
          <TextField
            fullWidth
            label="Words that mean the same"
            placeholder="bike, bicycle, push bike"
            value={text}
            error={failure !== undefined}
            helperText={failure ?? refusal ?? 'Two to twenty, with commas between them.'}
            disabled={refusal !== undefined}
            onChange={({ target }) => setText(target.value)}
          />
          <Button
            type="submit"
            variant="outlined"
            startIcon={<AddIcon />}
            disabled={terms.length < 2}
            sx={{ height: 40 }}
          >
            Add
          </Button>
        </Box>
      </CardContent>
    </Card>
  );
}
