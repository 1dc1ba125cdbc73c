import { Alert, Box, Card, CardContent, LinearProgress, Typography } from '@mui/material';
import { useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { momentInWords } from '../common/dates.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { Figure, Figures } from '../dashboard/Figure.tsx';
import type { KithDataProvider } from '../dataProvider.ts';
import { ImportRows } from './ImportRows.tsx';
import type { Import } from './imports.ts';

const REFRESH_MS = 1000;
const moves = (state: Import['state'] | undefined) =>
  state === 'RECEIVING' || state === 'CHECKING' || state === 'APPLYING';

export const ImportShow = () => (
  <ShowPage refetchInterval={(data) => (moves((data as Import | undefined)?.state) ? REFRESH_MS : false)}>
    <ImportSheet />
  </ShowPage>
);

const meanings: Record<Import['state'], string> = {
  RECEIVING: 'The file is on its way.',
  CHECKING: 'Every line is looked at. Nothing is written.',
  CHECKED: 'Nothing is written yet. These are the lines as they would become; start the import to write them.',
  APPLYING: 'The lines are being written. You may leave this page.',
  DONE: 'Every line that was not refused is written.',
  REFUSED: 'The file as a whole cannot be read.',
  CANCELLED: 'It was stopped. What was written stays.',
};

function ImportSheet() {
  const record = useRecordContext<Import>();
  if (!record) return null;
  const { state, fileName, kind, createdAt, problem, ignoredColumns } = record;
  return (
    <>
      <PageHeader title={fileName || 'Import'} help={`${inWords(kind)}, sent ${momentInWords(createdAt)}`}>
        <ImportActs {...record} />
      </PageHeader>
      <Card component="section" aria-label="Progress" sx={{ mb: 2 }}>
        <CardContent>
          <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
            <StateChip state={state} />
            <Typography color="textSecondary" role="status">
              {meanings[state]}
            </Typography>
          </Box>
          {moves(state) && <Progress {...record} />}
          {problem && (
            <Alert severity="error" sx={{ mt: 2 }}>
              {problem}
            </Alert>
          )}
          {ignoredColumns.length > 0 && (
            <Alert severity="info" variant="outlined" sx={{ mt: 2 }}>
              Columns that mean nothing here: {ignoredColumns.join(', ')}
            </Alert>
          )}
        </CardContent>
      </Card>
      <Figures>
        <Figure name="Lines" value={record.rowsTotal} />
        <Figure name="New" value={record.rowsCreated} />
        <Figure name="Changed" value={record.rowsUpdated} />
        <Figure name="Unchanged" value={record.rowsUnchanged} />
        <Figure name="Refused" value={record.rowsRefused} urgent />
      </Figures>
      {record.rowsTotal > 0 && <ImportRows key={state} {...record} />}
    </>
  );
}

function Progress({ state, rowsTotal, rowsChecked, rowsDone }: Import) {
  const done = state === 'APPLYING' ? rowsDone : rowsChecked;
  const percent = rowsTotal ? Math.round((done / rowsTotal) * 100) : undefined;
  return (
    <Box sx={{ mt: 2 }}>
      <LinearProgress
        aria-label="How far it is"
        variant={percent === undefined ? 'indeterminate' : 'determinate'}
        value={percent ?? 0}
        sx={{ height: 8, borderRadius: 4 }}
      />
      {percent !== undefined && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5 }}>
          {done.toLocaleString()} of {rowsTotal.toLocaleString()} lines
        </Typography>
      )}
    </Box>
  );
}

function ImportActs({ id, state, rowsTotal, rowsRefused }: Import) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const taken = rowsTotal - rowsRefused;
  const notNow =
    state === 'CHECKED' ? undefined : `It can be started once it is checked; it is ${inWords(state).toLowerCase()}.`;
  const isOver = state === 'DONE' || state === 'CANCELLED' || state === 'REFUSED';
  return (
    <>
      <ActButton
        label="Stop"
        variant="text"
        color="error"
        question="Stop this import?"
        explanation="What is written stays. Sending the file again goes on from there."
        disabledBecause={isOver ? 'It has come to its end.' : undefined}
        run={() => dataProvider.cancelImport(id)}
        done="The import is stopped."
      />
      <ActButton
        label="Start import"
        variant="contained"
        question={rowsRefused ? `Import ${taken} lines without the refused ones?` : `Import ${taken} lines?`}
        explanation={
          rowsRefused
            ? `${rowsRefused} of ${rowsTotal} lines are refused and left out. You can mend them and send the file again.`
            : 'New lines are added, known ones are changed.'
        }
        disabledBecause={notNow ?? (taken === 0 ? 'No line can be taken.' : undefined)}
        run={() => dataProvider.startImport({ id, acceptRefused: rowsRefused > 0 })}
        done="The import has started."
      />
    </>
  );
}
