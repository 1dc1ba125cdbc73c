import {
  Alert,
  Box,
  Button,
  Card,
  CardContent,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { Link } from 'react-router-dom';
import { momentInWords } from '../common/dates.ts';
import { amountInWords } from '../common/moneyInWords.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { kindInWords, memoInWords } from '../journal/journal.ts';
import type { StatementLine } from './accounts.ts';

/** What came and went, newest first, a page after the other. */
export function Statement({ accountId }: { accountId: string }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error, isPending, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['statement', accountId],
    queryFn: ({ pageParam }) => dataProvider.statement(accountId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const lines = data?.pages.flatMap(({ edges }) => (edges ?? []).flatMap((edge) => (edge ? [edge.node] : []))) ?? [];
  return (
    <Card component="section" aria-label="Statement">
      <CardContent>
        <Typography variant="h2" sx={{ mb: 1 }}>
          Statement
        </Typography>
        {error && <Alert severity="error">{words(error)}</Alert>}
        {isPending && <Skeleton variant="rounded" height={200} />}
        {data && !lines.length && <Typography color="textSecondary">Nothing came and nothing went yet.</Typography>}
        {lines.length > 0 && <Lines lines={lines} />}
        {hasNextPage && (
          <Button size="small" sx={{ mt: 1 }} disabled={isFetching} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </CardContent>
    </Card>
  );
}

const Lines = ({ lines }: { lines: StatementLine[] }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        <TableCell>When and why</TableCell>
        <TableCell align="right">Amount</TableCell>
        <TableCell align="right">Balance</TableCell>
      </TableRow>
    </TableHead>
    <TableBody>
      {lines.map((line, at) => (
        <TableRow key={`${line.entry.id} ${at}`}>
          <TableCell sx={{ overflowWrap: 'anywhere' }}>
            <Link to={`/journal/${encodeURIComponent(line.entry.id)}/show`}>
              {kindInWords(line.kind)}
              {line.counterparty && ` · ${line.counterparty.displayName}`}
            </Link>
            <Box sx={{ color: 'text.secondary' }}>
              {[momentInWords(line.postedAt), memoInWords(line.kind, line.memo)].filter(Boolean).join('\u00a0· ')}
            </Box>
          </TableCell>
          <TableCell align="right" sx={{ color: line.amount.amount.startsWith('-') ? 'text.primary' : 'success.main' }}>
            {amountInWords(line.amount)}
          </TableCell>
          <TableCell align="right">{amountInWords(line.balanceAfter)}</TableCell>
        </TableRow>
      ))}
    </TableBody>
  </Table>
);
