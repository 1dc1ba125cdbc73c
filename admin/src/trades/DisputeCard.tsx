import { Box, Link, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { momentInWords } from '../common/dates.ts';
import { moneyInWords } from '../common/moneyInWords.ts';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { DecideDispute } from './DecideDispute.tsx';
import { Part } from './Part.tsx';
import { disputeState, type Dispute, type Trade } from './trades.ts';

/** Both sides of a dispute, what was decided, and deciding it. */
export function DisputeCard({ trade, dispute }: { trade: Trade; dispute: Dispute }) {
  const { state, side, reason, openedFrom, held, evidence, decisions, appealSide, appealReason, appealUntil } = dispute;
  return (
    <Part name="Dispute">
      <Box
        sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', justifyContent: 'space-between', mb: 2 }}
      >
        <StateChip state={disputeState(state)} />
        <DecideDispute trade={trade} dispute={dispute} />
      </Box>
      <Said by={`${inWords(side)} opened it when the trade was ${openedFrom.toLowerCase()}`} at={dispute.createdAt}>
        {reason}
      </Said>
      {evidence.map((piece, at) => (
        <Said key={at} by={inWords(piece.side)} at={piece.createdAt}>
          {piece.text}
          {piece.links.map((link) => (
            <Link
              key={link}
              href={link}
              target="_blank"
              rel="noreferrer"
              sx={{ display: 'block', overflowWrap: 'anywhere' }}
            >
              {link}
            </Link>
          ))}
        </Said>
      ))}
      {decisions.map((decision) => (
        <Box key={decision.round}>
          {decision.round === 2 && appealSide && <Said by={`${inWords(appealSide)} appealed`}>{appealReason}</Said>}
          <Said
            by={`${decision.decidedBy.displayName} decided: ${inWords(decision.outcome)}, ${moneyInWords(decision.amount)} to the provider`}
            at={decision.createdAt}
          >
            {decision.reason}
          </Said>
        </Box>
      ))}
      {decisions.length === 1 && appealSide && <Said by={`${inWords(appealSide)} appealed`}>{appealReason}</Said>}
      {held && (
        <Typography variant="body2" color="textSecondary">
          On the provider’s account {moneyInWords(held)} is held.
        </Typography>
      )}
      {state === 'RESOLVED' && (
        <Typography variant="body2" color="textSecondary">
          Either side can appeal until {momentInWords(appealUntil)}.
        </Typography>
      )}
    </Part>
  );
}

const Said = ({ by, at, children }: { by: string; at?: string; children: ReactNode }) => (
  <Box sx={{ mb: 1.5 }}>
    <Typography variant="body2" sx={{ fontWeight: 600 }}>
      {by}
    </Typography>
    <Typography variant="body2" component="div" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {children}
    </Typography>
    {at && (
      <Typography variant="caption" color="textSecondary">
        {momentInWords(at)}
      </Typography>
    )}
  </Box>
);
