import { Alert, Box, Button, Card, CardContent, Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { dateInWords } from '../common/dates.ts';
import { Facts } from '../common/Facts.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { ownerInWords, type Account } from './accounts.ts';
import { Statement } from './Statement.tsx';

export const AccountShow = () => (
  <ShowPage>
    <AccountSheet />
  </ShowPage>
);

function AccountSheet() {
  const account = useRecordContext<Account>();
  if (!account) return null;
  const { member, available, ceiling } = account;
  return (
    <>
      <PageHeader title={ownerInWords(account)} help={`Account in ${account.currencyCode}`}>
        {member && (
          <Button
            component={Link}
            to={`/members/${encodeURIComponent(member.id)}/show`}
            size="small"
            variant="outlined"
          >
            The member
          </Button>
        )}
      </PageHeader>
      {account.kind === 'MEMBER' && available.amount.startsWith('-') && (
        <Alert severity="warning" variant="outlined" sx={{ mb: 2 }}>
          In arrears after a reversal: nothing can be spent until so much was earned.
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: '3fr 1fr' }, alignItems: 'start' }}>
        <Card component="section" aria-label="Facts" sx={{ order: { lg: 2 } }}>
          <CardContent>
            <Typography variant="overline" color="textSecondary" component="div">
              Balance
            </Typography>
            <Typography sx={{ typography: 'h1', fontSize: '1.75rem', mb: 1.5, fontVariantNumeric: 'tabular-nums' }}>
              {moneyInWords(account.balance)}
            </Typography>
            <Facts
              facts={[
                ['Reserved', moneyInWords(account.reserved)],
                ['Credit limit', moneyInWords(account.creditLimit)],
                ['Available', moneyInWords(available)],
                ['Ceiling', moneyInWords(ceiling)],
                ['Opened', dateInWords(account.openedAt)],
              ]}
            />
          </CardContent>
        </Card>
        <Statement accountId={account.id} />
      </Box>
    </>
  );
}
