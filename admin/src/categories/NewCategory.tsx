import AddIcon from '@mui/icons-material/Add';
import { Box, Button, TextField } from '@mui/material';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { useChange } from './useChange.ts';

const NAME_MOST = 100;

/** One line that adds a category below a parent, or at the top. */
export function NewCategory({ parentId, label }: { parentId: string | null; label: string }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('categoriesEdit');
  const { change, busy } = useChange();
  const [name, setName] = useState('');
  async function add() {
    const wanted = name.trim();
    const create = async () => {
      await dataProvider.createCategory({ name: wanted, parentId });
      // At once, before the tree is read again: what is typed meanwhile is the next name.
      setName('');
    };
    await change(create, `“${wanted}” is added.`);
  }
  return (
    <Box
      component="form"
      sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', mb: 1.5 }}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <TextField
        fullWidth
        label={label}
        value={name}
        disabled={refusal !== undefined}
        helperText={refusal}
        onChange={({ target }) => setName(target.value)}
        slotProps={{ htmlInput: { maxLength: NAME_MOST } }}
      />
      <Button
        type="submit"
        variant="outlined"
        startIcon={<AddIcon />}
        disabled={busy || !name.trim()}
        sx={{ height: 40 }}
      >
        Add
      </Button>
    </Box>
  );
}
