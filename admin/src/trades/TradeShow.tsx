import { Alert, Box, Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { momentInWords } from '../common/dates.ts';
import { Facts, type Fact } from '../common/Facts.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { DisputeCard } from './DisputeCard.tsx';
import { Part } from './Part.tsx';
import { ReviewCard } from './ReviewCard.tsx';
import { priceInWords, tradeState, type Trade } from './trades.ts';
import { UndoTrade } from './UndoTrade.tsx';

export const TradeShow = () => (
  <ShowPage>
    <TradeSheet />
  </ShowPage>
);

const MemberLink = ({ id, displayName }: Trade['buyer']) => (
  <Link to={`/members/${encodeURIComponent(id)}/show`}>{displayName}</Link>
);

function TradeSheet() {
  const trade = useRecordContext<Trade>();
  if (!trade) return null;
  const { title, buyer, provider, proposals, reviews, dispute, undoneAt, endReason, cancelAskedAt, state } = trade;
  const isAsked = cancelAskedAt !== null && (state === 'AGREED' || state === 'DELIVERED');
  return (
    <>
      <PageHeader
        title={title}
        help={
          <>
            <MemberLink {...buyer} /> buys from <MemberLink {...provider} />
          </>
        }
      >
        <UndoTrade {...trade} />
      </PageHeader>
      {undoneAt && (
        <Alert severity="warning" variant="outlined" sx={{ mb: 2 }}>
          Undone by an operator: its money and its reviews do not count. {endReason}
        </Alert>
      )}
      {isAsked && (
        <Alert severity="info" variant="outlined" sx={{ mb: 2 }}>
          The buyer asks to cancel; the provider has not answered.
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '3fr 2fr' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {dispute && <DisputeCard trade={trade} dispute={dispute} />}
          <Part name="Proposals">
            {proposals.map((proposal) => (
              <Proposal key={proposal.version} {...proposal} />
            ))}
          </Part>
          {reviews.length > 0 && (
            <Part name="Reviews">
              {reviews.map((review) => (
                <ReviewCard key={review.id} {...review} />
              ))}
            </Part>
          )}
        </Box>
        <Part name="Facts">
          <Facts facts={factsOf(trade)} />
        </Part>
      </Box>
    </>
  );
}

const Proposal = ({ version, side, quantity, note, createdAt, ...terms }: Trade['proposals'][number]) => (
  <Box sx={{ mb: 1.5, '&:last-child': { mb: 0 } }}>
    <Typography variant="body2" sx={{ fontWeight: 600 }}>
      {version}. {inWords(side)}: {inWords(terms.terms)}, {priceInWords(terms)}
      {quantity > 1 && `, ${quantity} units`}
    </Typography>
    {note && (
      <Typography variant="body2" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {note}
      </Typography>
    )}
    <Typography variant="caption" color="textSecondary">
      {momentInWords(createdAt)}
    </Typography>
  </Box>
);

const factsOf = (trade: Trade): Fact[] => [
  ['State', <StateChip key="state" state={tradeState(trade)} />],
  ['Terms', inWords(trade.terms.terms)],
  ['Price', priceInWords(trade.terms)],
  ['Held', Number(trade.held?.amount) ? moneyInWords(trade.held) : ''],
  ['Paid', moneyInWords(trade.paid)],
  ['Minted of it', Number(trade.minted.amount) ? moneyInWords(trade.minted) : ''],
  ['Materials cost', moneyInWords(trade.globalCost)],
  ['Global part', confirmationsOf(trade)],
  ['Proposed', momentInWords(trade.createdAt)],
  ['Expires', trade.state === 'PROPOSED' ? momentInWords(trade.expiresAt) : ''],
  ['Agreed', momentInWords(trade.agreedAt)],
  ['Delivered', momentInWords(trade.deliveredAt)],
  ['Completes by itself', trade.state === 'DELIVERED' && trade.held ? momentInWords(trade.completesAt) : ''],
  ['Completed', `${momentInWords(trade.completedAt)}${trade.completedByItself ? ', by itself' : ''}`],
  ['Reason', trade.undoneAt ? '' : trade.endReason],
];

function confirmationsOf({ terms, buyerConfirmedAt, providerConfirmedAt }: Trade): string {
  if (!terms.globalPrice) return '';
  const said = [buyerConfirmedAt && 'buyer', providerConfirmedAt && 'provider'].filter(Boolean);
  return said.length ? `Confirmed by ${said.join(' and ')}` : 'Not confirmed';
}
