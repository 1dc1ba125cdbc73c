import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { Layout } from 'react-admin';
import { Navigate } from 'react-router-dom';
import { session } from '../session.ts';
import { SideMenu } from './SideMenu.tsx';
import { TopBar } from './TopBar.tsx';

/** The frame of every page inside a community. */
export const ConsoleLayout = ({ children }: { children: ReactNode }) =>
  session.community() ? (
    <Layout appBar={TopBar} menu={SideMenu} appBarAlwaysOn>
      <Box sx={{ width: '100%', maxWidth: 1240 }}>{children}</Box>
    </Layout>
  ) : (
    <Navigate to="/communities" />
  );
