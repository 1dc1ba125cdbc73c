import { Box, Button } from '@mui/material';
import { Authenticated } from 'react-admin';
import { Link } from 'react-router-dom';
import { PageHeader } from '../common/PageHeader.tsx';
import { PlatformUnderstanding } from './PlatformUnderstanding.tsx';

/** The same for an administrator who belongs to no community, and so has no console of one. */
export const PlatformPage = () => (
  <Authenticated>
    <Box
      component="main"
      sx={{
        minHeight: '100vh',
        px: { xs: 1.5, sm: 3 },
        pb: 5,
        backgroundColor: 'background.default',
        color: 'text.primary',
      }}
    >
      <Box sx={{ maxWidth: 1000, mx: 'auto' }}>
        <PageHeader
          title="Understanding"
          help="Search and matching know what listings mean, whatever their words and language. Here is how far they are."
        >
          <Button component={Link} to="/communities" size="small" variant="outlined">
            Your communities
          </Button>
        </PageHeader>
        <PlatformUnderstanding />
      </Box>
    </Box>
  </Authenticated>
);
