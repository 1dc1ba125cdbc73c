import { Alert, Box, Card, CardContent, Chip, Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { Facts, type Fact } from '../common/Facts.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { dateInWords } from '../common/dates.ts';
import { ListingActs } from './ListingActs.tsx';
import { Matches } from './Matches.tsx';
import type { Listing } from './listings.ts';

export const ListingShow = () => (
  <ShowPage>
    <ListingSheet />
  </ShowPage>
);

function ListingSheet() {
  const listing = useRecordContext<Listing>();
  if (!listing) return null;
  const { title, kind, state, member, description, tags, photoUrls, hiddenReason } = listing;
  return (
    <>
      <PageHeader
        title={title}
        help={
          <>
            {inWords(kind)} by <Link to={`/members/${encodeURIComponent(member.id)}/show`}>{member.displayName}</Link>
          </>
        }
      >
        <ListingActs />
      </PageHeader>
      {state === 'HIDDEN' && (
        <Alert severity="warning" variant="outlined" sx={{ mb: 2 }}>
          Hidden by a moderator. {hiddenReason}
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '3fr 2fr' }, alignItems: 'start' }}>
        <Card component="section" aria-label="Text">
          <CardContent>
            <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {description || 'There is no description.'}
            </Typography>
            {tags.length > 0 && (
              <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mt: 2 }}>
                {tags.map((tag) => (
                  <Chip key={tag} size="small" variant="outlined" label={tag} />
                ))}
              </Box>
            )}
            {photoUrls.map((url) => (
              <Box key={url} component="img" src={url} alt="" sx={{ mt: 2, maxWidth: '100%', borderRadius: 1 }} />
            ))}
          </CardContent>
        </Card>
        <Card component="section" aria-label="Facts">
          <CardContent>
            <Facts facts={factsOf(listing)} />
          </CardContent>
        </Card>
      </Box>
      <Matches listing={listing} />
    </>
  );
}

const factsOf = (listing: Listing): Fact[] => [
  ['State', <StateChip key="state" state={listing.state} />],
  ['Categories', listing.categories.map(({ name }) => name).join(', ')],
  ['Payment', inWords(listing.terms)],
  ['Price', priceOf(listing)],
  ['Quantity', listing.quantity?.toLocaleString()],
  ['Place', placeOf(listing)],
  ['Availability', listing.availabilityNote],
  ['Language', listing.language],
  ['Published', dateInWords(listing.publishedAt)],
  ['Expires', dateInWords(listing.expiresAt)],
  ['Changed', dateInWords(listing.updatedAt)],
];

function priceOf({ price, priceTo, globalPrice, globalCurrency, unit }: Listing): string {
  const local = price && `${price.amount}${priceTo ? `–${priceTo.amount}` : ''} ${price.currencyCode}`;
  const global = globalPrice ? `${globalPrice.amount} ${globalPrice.currencyCode}` : globalCurrency;
  const both = [local, global].filter(Boolean).join(' + ');
  return both && unit ? `${both} per ${unit}` : both;
}

function placeOf({ place, remote }: Listing): string {
  const point = place && `${place.latitude.toFixed(3)}, ${place.longitude.toFixed(3)}`;
  const around = point && place.radiusKm ? `${point}, up to ${place.radiusKm} km around` : point;
  return [around, remote && 'from anywhere'].filter(Boolean).join('; ');
}
