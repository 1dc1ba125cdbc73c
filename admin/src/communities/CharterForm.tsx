import { TextField } from '@mui/material';
import { useDataProvider } from 'react-admin';
import { dateInWords } from '../common/dates.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Community } from './communities.ts';
import { SettingsCard } from './SettingsCard.tsx';

const TEXT_MOST = 100_000;

/** Every version stays on record; a new one is put before the members. */
export function CharterForm({ charter }: Pick<Community, 'charter'>) {
  const dataProvider = useDataProvider<KithDataProvider>();
  return (
    <SettingsCard
      title="Charter"
      help={
        charter
          ? `Version ${charter.version}, in force since ${dateInWords(charter.publishedAt)}. A new version asks every member to accept it.`
          : 'There is none yet. New members accept it when they join.'
      }
      capability="charterPublish"
      submit="Publish as a new version"
      done="The charter is in force."
      onSubmit={(fields) => dataProvider.publishCharter(String(fields.get('text')))}
    >
      <TextField
        key={charter?.version}
        name="text"
        label="Text"
        required
        multiline
        minRows={8}
        maxRows={24}
        defaultValue={charter?.text ?? ''}
        slotProps={{ htmlInput: { maxLength: TEXT_MOST } }}
      />
    </SettingsCard>
  );
}
