import GavelIcon from '@mui/icons-material/GavelOutlined';
import { FormControlLabel, Radio, RadioGroup, Typography } from '@mui/material';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { AmountField, amountTyped } from '../common/AmountField.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { type Dispute, type Trade } from './trades.ts';

type Outcome = 'REFUND' | 'RELEASE' | 'SPLIT';

/** A moderator's decision: who has the money. */
export function DecideDispute({ trade, dispute }: { trade: Trade; dispute: Dispute }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('disputesResolve');
  const [outcome, setOutcome] = useState<Outcome>('REFUND');
  const [amount, setAmount] = useState('');
  const whole = trade.terms.terms === 'AFTER' ? (trade.completedAt ? trade.paid : null) : trade.terms.price;
  const currency = (whole ?? trade.minted).currencyCode;
  return (
    <ActButton
      label="Decide"
      icon={<GavelIcon />}
      variant="contained"
      question="Decide this dispute?"
      explanation={
        <>
          <Typography variant="body2" sx={{ mb: 1 }}>
            It is carried out at once, and both members read your reason.{' '}
            {dispute.state === 'APPEALED' ? 'This decision is final.' : 'Either of them can appeal once.'}
          </Typography>
          <RadioGroup
            aria-label="Who has the money"
            value={outcome}
            onChange={(_, value) => setOutcome(value as Outcome)}
          >
            <FormControlLabel value="REFUND" control={<Radio />} label="Refund: the buyer has everything" />
            <FormControlLabel
              value="RELEASE"
              control={<Radio />}
              disabled={!whole}
              label={`Release: the provider has ${moneyInWords(whole) || 'everything'}`}
            />
            <FormControlLabel value="SPLIT" control={<Radio />} label="Split: the provider has a part" />
          </RadioGroup>
          {outcome === 'SPLIT' && (
            <AmountField
              label={`Part of the provider, in ${currency}`}
              help={whole ? `More than 0 and less than ${moneyInWords(whole)}.` : 'More than 0.'}
              value={amount}
              onChange={setAmount}
            />
          )}
        </>
      }
      reason="required"
      disabledBecause={refusal ?? whyNot(trade, dispute)}
      run={(reason) =>
        dataProvider.resolveDispute({
          ...{ disputeId: dispute.id, outcome, reason },
          ...(outcome === 'SPLIT' && { amount: amountTyped(amount) }),
        })
      }
      done="The dispute is decided."
    />
  );
}

function whyNot({ viewerSide }: Trade, { state, decisions }: Dispute): string | undefined {
  if (viewerSide) return 'You take part in this trade: somebody else has to decide.';
  if (state !== 'OPEN' && state !== 'APPEALED') return 'It is decided already.';
  return decisions.some(({ decidedBy }) => decidedBy.isMe)
    ? 'You made the decision that was appealed: somebody else has to decide.'
    : undefined;
}
