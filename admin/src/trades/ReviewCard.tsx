import HideIcon from '@mui/icons-material/VisibilityOff';
import { Alert, Box, Typography } from '@mui/material';
import { useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { inWords } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Trade } from './trades.ts';

const signed = (rating: number) => (rating > 0 ? `+${rating}` : `${rating}`);

/** What one side says of the other, and hiding its words. */
export function ReviewCard({
  id,
  side,
  rating,
  comment,
  reply,
  isTextHidden,
  hiddenReason,
  ...stars
}: Trade['reviews'][number]) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('reviewsModerate');
  return (
    <Box sx={{ mb: 2, '&:last-child': { mb: 0 } }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'space-between', alignItems: 'center' }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {inWords(side)}: {signed(rating)}; quality {stars.quality}, communication {stars.communication}, punctuality{' '}
          {stars.punctuality} of 5
        </Typography>
        <ActButton
          label="Hide words"
          icon={<HideIcon />}
          color="error"
          variant="text"
          question="Hide the words of this review?"
          explanation="The comment and the reply are hidden from members; the rating stays. The author is told the reason."
          reason="required"
          disabledBecause={refusal ?? (isTextHidden ? 'The words are hidden already.' : undefined)}
          run={(reason) => dataProvider.hideReviewText({ reviewId: id, reason })}
          done="The words are hidden."
        />
      </Box>
      <Typography variant="body2" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {comment || 'Without words.'}
      </Typography>
      {reply && (
        <Typography
          variant="body2"
          color="textSecondary"
          sx={{ pl: 2, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          Reply: {reply}
        </Typography>
      )}
      {isTextHidden && (
        <Alert severity="warning" variant="outlined" sx={{ mt: 1 }}>
          Hidden from members. {hiddenReason}
        </Alert>
      )}
    </Box>
  );
}
