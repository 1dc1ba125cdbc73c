import ReverseIcon from '@mui/icons-material/UndoOutlined';
import {
  Alert,
  Box,
  Card,
  CardContent,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useRef } from 'react';
import { useDataProvider, useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { ActButton } from '../common/ActButton.tsx';
import { dayInWords, momentInWords } from '../common/dates.ts';
import { Facts } from '../common/Facts.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { holderInWords, kindInWords, memoInWords, type Entry } from './journal.ts';

export const EntryShow = () => (
  <ShowPage>
    <EntrySheet />
  </ShowPage>
);

const EntryLink = ({ id, text }: { id: string; text: string }) => (
  <Link to={`/journal/${encodeURIComponent(id)}/show`}>{text}</Link>
);

function EntrySheet() {
  const entry = useRecordContext<Entry>();
  if (!entry) return null;
  const { actor, onBehalfOf, parent, reverses, reversedBy } = entry;
  return (
    <>
      <PageHeader
        title={kindInWords(entry.kind)}
        help={memoInWords(entry.kind, entry.memo) || 'Nothing was written to it.'}
      >
        <Reverse {...entry} />
      </PageHeader>
      {reversedBy && (
        <Alert severity="info" variant="outlined" sx={{ mb: 2 }}>
          <EntryLink id={reversedBy.id} text={`Reversed on ${momentInWords(reversedBy.postedAt)}`} />: {reversedBy.memo}
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: '3fr 2fr' }, alignItems: 'start' }}>
        <Postings {...entry} />
        <Card component="section" aria-label="Facts">
          <CardContent>
            <Facts
              facts={[
                ['Posted', momentInWords(entry.postedAt)],
                ['By', actor?.displayName ?? 'The system'],
                ['On behalf of', onBehalfOf?.displayName],
                ['About', linkTo(entry.subject)],
                ['Hangs on', parent && <EntryLink key="parent" id={parent.id} text={kindInWords(parent.kind)} />],
                [
                  'Undoes',
                  reverses.length === 0
                    ? null
                    : reverses.map(({ id, kind }) => (
                        <div key={id}>
                          <EntryLink id={id} text={kindInWords(kind)} />
                        </div>
                      )),
                ],
              ]}
            />
          </CardContent>
        </Card>
      </Box>
    </>
  );
}

/** Leads to what the entry is about, where the console has a page of it. */
function linkTo(subject: Entry['subject']) {
  if (subject?.__typename === 'Trade')
    return <Link to={`/trades/${encodeURIComponent(subject.id)}/show`}>{subject.title}</Link>;
  if (subject?.__typename === 'DemurrageRun')
    return (
      <Link to={`/demurrage/${encodeURIComponent(subject.id)}/show`}>Demurrage to {dayInWords(subject.endsOn)}</Link>
    );
  return null;
}

const Postings = ({ postings }: Entry) => (
  <Card component="section" aria-label="Postings">
    <CardContent>
      <Typography variant="h2" sx={{ mb: 1 }}>
        Postings
      </Typography>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>Account</TableCell>
            <TableCell align="right">Amount</TableCell>
            <TableCell align="right">Balance after</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {postings.map(({ account, amount, balanceAfter, ...line }, at) => (
            <TableRow key={at}>
              <TableCell>
                {account ? (
                  <Link to={`/accounts/${encodeURIComponent(account.id)}/show`}>{holderInWords(line)}</Link>
                ) : (
                  holderInWords(line)
                )}
              </TableCell>
              <TableCell align="right">{moneyInWords(amount)}</TableCell>
              <TableCell align="right">{moneyInWords(balanceAfter)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {postings.length === POSTINGS_MOST && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          The first hundred lines.
        </Typography>
      )}
    </CardContent>
  </Card>
);
const POSTINGS_MOST = 100;

function Reverse({ id: entryId, kind, reversedBy, subject }: Entry) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('ledgerReverse');
  // The same one when it is sent again: undone once.
  const id = useRef(crypto.randomUUID());
  const because =
    refusal ??
    (reversedBy
      ? 'It was reversed already.'
      : kind === 'REVERSAL'
        ? 'A reversal is not reversed: post what is right anew.'
        : subject?.__typename === 'Trade'
          ? 'It belongs to a trade: undo the trade, so that its coins and reviews go too.'
          : undefined);
  return (
    <ActButton
      label="Reverse"
      icon={<ReverseIcon />}
      color="error"
      question="Reverse this entry?"
      explanation="It is undone with everything that hangs on it, such as fees and refunds, in one new entry; also where the money was spent meanwhile. Whoever spent it is in arrears then."
      reason="required"
      disabledBecause={because}
      run={(reason) => dataProvider.reverseEntry({ id: id.current, entryId, reason })}
      done="The entry is reversed."
    />
  );
}
