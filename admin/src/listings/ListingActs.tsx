import HideIcon from '@mui/icons-material/VisibilityOff';
import ShowIcon from '@mui/icons-material/Visibility';
import { useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { ListingRow } from './listings.ts';

/** Hides a listing from the directory, or puts it back. */
export function ListingActs() {
  const listing = useRecordContext<ListingRow>();
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('listingsModerate');
  if (!listing) return null;
  const { id, title, state } = listing;
  if (state === 'HIDDEN')
    return (
      <ActButton
        label="Show again"
        icon={<ShowIcon />}
        variant="text"
        question="Put this listing back?"
        explanation={<>“{title}” goes back to the state it had before it was hidden. The author is told.</>}
        reason="required"
        disabledBecause={refusal}
        run={(reason) => dataProvider.unhideListing({ id, reason })}
        done="The listing is no longer hidden."
      />
    );
  return (
    <ActButton
      label="Hide"
      icon={<HideIcon />}
      color="error"
      variant="text"
      question="Hide this listing?"
      explanation={
        <>“{title}” leaves the directory and the search. The author still sees it, and is told the reason.</>
      }
      reason="required"
      disabledBecause={refusal ?? (state === 'DRAFT' ? 'A draft is seen by its author only.' : undefined)}
      run={(reason) => dataProvider.hideListing({ id, reason })}
      done="The listing is hidden."
    />
  );
}
