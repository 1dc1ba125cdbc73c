import FounderIcon from '@mui/icons-material/Foundation';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { StateChip } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { CoinageRow } from './coinage.ts';

function useIsFounder(memberId: string | undefined): boolean {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data } = useQuery({ queryKey: ['coinage', 'report'], queryFn: () => dataProvider.coinageReport() });
  return data?.founders.some(({ member }) => member.id === memberId) ?? false;
}

/** Whose grants they are, and whether they are a founder. */
export function Holder() {
  const row = useRecordContext<CoinageRow>();
  const isFounder = useIsFounder(row?.member.id);
  return (
    <>
      {row?.member.displayName} {isFounder && <StateChip state="FOUNDER" />}
    </>
  );
}

/** Appoints the member of the row a founder, or dismisses them. */
export function FounderButton() {
  const row = useRecordContext<CoinageRow>();
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('foundersAppoint');
  const isFounder = useIsFounder(row?.member.id);
  if (!row) return null;
  const { id: memberId, displayName } = row.member;
  if (isFounder)
    return (
      <ActButton
        label="Dismiss founder"
        icon={<FounderIcon />}
        color="error"
        variant="text"
        question={`Dismiss ${displayName} as a founder?`}
        explanation="What they bought with coinage stays."
        reason="required"
        disabledBecause={refusal}
        run={(reason) => dataProvider.dismissFounder({ memberId, reason })}
        done={`${displayName} is no founder any more.`}
      />
    );
  return (
    <ActButton
      label="Appoint founder"
      icon={<FounderIcon />}
      variant="text"
      question={`Appoint ${displayName} a founder?`}
      explanation="They may buy with coinage at once, while nobody has the reputation for it. Every member can read who was appointed, and why."
      reason="required"
      disabledBecause={refusal}
      run={(reason) => dataProvider.appointFounder({ memberId, reason })}
      done={`${displayName} is a founder.`}
    />
  );
}
