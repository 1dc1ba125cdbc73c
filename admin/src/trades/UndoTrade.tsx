import UndoIcon from '@mui/icons-material/Undo';
import { useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Trade } from './trades.ts';

/** Takes back what a trade has moved. */
export function UndoTrade({ id, state, undoneAt, viewerSide }: Trade) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('tradesUndo');
  return (
    <ActButton
      label="Undo"
      icon={<UndoIcon />}
      color="error"
      question="Undo this trade?"
      explanation="The payment goes back with its fees and new coins, also where it was spent meanwhile: that account is in arrears then. The reviews do not count any more. Nothing is opened again, and both members are told."
      reason="required"
      disabledBecause={refusal ?? whyNot({ state, undoneAt, viewerSide })}
      run={(reason) => dataProvider.undoTrade({ tradeId: id, reason })}
      done="The trade is undone."
    />
  );
}

function whyNot({ state, undoneAt, viewerSide }: Pick<Trade, 'state' | 'undoneAt' | 'viewerSide'>): string | undefined {
  if (viewerSide) return 'You take part in this trade: another operator has to.';
  if (undoneAt) return 'It is undone already.';
  return state === 'COMPLETED' || state === 'RESOLVED' ? undefined : 'Only what is completed or decided can be undone.';
}
