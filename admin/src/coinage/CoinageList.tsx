import FounderIcon from '@mui/icons-material/Foundation';
import { useQuery } from '@tanstack/react-query';
import { BooleanInput, DataTable, SearchInput, useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { dateInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { CoinageReport } from './CoinageReport.tsx';
import type { CoinageRow } from './coinage.ts';
import { GrantButton } from './GrantButton.tsx';

const filters = [
  <SearchInput key="memberName" source="memberName" placeholder="Search names" alwaysOn />,
  <BooleanInput key="hasMinted" source="hasMinted" label="Has earned new coins" />,
];
const exporter = csvExporter<CoinageRow>('coinage', {
  member: ({ member }) => member.displayName,
  granted: ({ granted }) => granted.amount,
  minted: ({ minted }) => minted.amount,
  pending: ({ pending }) => pending.amount,
  voided: ({ voided }) => voided.amount,
  expired: ({ expired }) => expired.amount,
  remaining: ({ remaining }) => remaining.amount,
  expires_at: ({ expiresAt }) => expiresAt,
});

/** Who may earn new coins, and what became of it. */
export const CoinageList = () => (
  <>
    <PageHeader title="Coinage" help="Coins earmarked for members, minted when they sell to established ones." />
    <CoinageReport />
    <RecordList filters={filters} exporter={exporter}>
      <DataTable<CoinageRow> rowClick={false} bulkActionButtons={false} empty={<NoGrants />}>
        <DataTable.Col label="Member" disableSort render={({ member }) => member.displayName} />
        <DataTable.NumberCol label="Granted" source="granted.amount" disableSort />
        <DataTable.NumberCol label="Minted" source="minted.amount" disableSort />
        <DataTable.NumberCol label="Pending" source="pending.amount" disableSort />
        <DataTable.NumberCol label="Voided" source="voided.amount" disableSort />
        <DataTable.NumberCol label="Expired" source="expired.amount" disableSort />
        <DataTable.NumberCol label="Remaining" source="remaining.amount" disableSort />
        <DataTable.Col
          label="Until"
          disableSort
          render={({ expiresAt }) => (expiresAt ? dateInWords(expiresAt) : 'for ever')}
        />
        <DataTable.Col label="" disableSort cellClassName="acts">
          <GrantButton />
          <Founder />
        </DataTable.Col>
      </DataTable>
    </RecordList>
  </>
);

function Founder() {
  const row = useRecordContext<CoinageRow>();
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('foundersAppoint');
  const { data } = useQuery({ queryKey: ['coinage', 'report'], queryFn: () => dataProvider.coinageReport() });
  if (!row) return null;
  const { id: memberId, displayName } = row.member;
  const isFounder = data?.founders.some(({ member }) => member.id === memberId);
  if (isFounder)
    return (
      <ActButton
        label="Dismiss"
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

const NoGrants = () => (
  <EmptyState title="No grants yet">Members get a grant when they are admitted, as the policies say.</EmptyState>
);
