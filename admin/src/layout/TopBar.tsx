import { Box } from '@mui/material';
import { AppBar, LoadingIndicator, Logout, ToggleThemeButton, UserMenu, type AppBarProps } from 'react-admin';
import { AccountItem } from './AccountItem.tsx';
import { Brand } from './Brand.tsx';
import { CommunityChooser } from './CommunityChooser.tsx';

export const TopBar = (props: AppBarProps) => (
  <AppBar
    {...props}
    color="inherit"
    toolbar={
      <>
        <ToggleThemeButton />
        <LoadingIndicator />
      </>
    }
    userMenu={
      <UserMenu>
        <AccountItem />
        <Logout />
      </UserMenu>
    }
  >
    <Box sx={{ display: { xs: 'none', sm: 'flex' }, mr: 2 }}>
      <Brand size={24} />
    </Box>
    <CommunityChooser />
    <Box sx={{ flex: 1 }} />
  </AppBar>
);
