import { Box, Divider, ListSubheader } from '@mui/material';
import CodeIcon from '@mui/icons-material/Code';
import { Menu, useSidebarState } from 'react-admin';
import type { ReactNode } from 'react';

/** The console's pages, by what an operator comes for. */
export const SideMenu = () => (
  <Menu sx={{ pt: 1.5 }}>
    <Menu.DashboardItem />
    <Section name="People">
      <Menu.ResourceItem name="members" />
      <Menu.ResourceItem name="invitations" />
      <Menu.ResourceItem name="karma" />
    </Section>
    <Section name="Directory">
      <Menu.ResourceItem name="listings" />
      <Menu.ResourceItem name="categories" />
      <Menu.ResourceItem name="synonyms" />
      <Menu.ResourceItem name="understanding" />
    </Section>
    <Section name="Money">
      <Menu.ResourceItem name="accounts" />
      <Menu.ResourceItem name="journal" />
      <Menu.ResourceItem name="demurrage" />
      <Menu.ResourceItem name="coinage" />
      <Menu.ResourceItem name="mints" />
      <Menu.ResourceItem name="treasury" />
    </Section>
    <Section name="Trading">
      <Menu.ResourceItem name="trades" />
      <Menu.ResourceItem name="disputes" />
    </Section>
    <Section name="Running it">
      <Menu.ResourceItem name="imports" />
      <Menu.ResourceItem name="audit" />
      <Menu.ResourceItem name="settings" />
    </Section>
    <Divider sx={{ my: 1.5, mx: 2 }} />
    <Menu.Item to="/graphql" primaryText="GraphiQL" leftIcon={<CodeIcon />} />
  </Menu>
);

function Section({ name, children }: { name: string; children: ReactNode }) {
  const [isOpen] = useSidebarState();
  return (
    <Box component="section" aria-label={name} sx={{ mt: 1 }}>
      {isOpen ? (
        <ListSubheader
          disableSticky
          sx={{ lineHeight: 2, backgroundColor: 'transparent', fontSize: '0.75rem', fontWeight: 600, px: 3 }}
        >
          {name}
        </ListSubheader>
      ) : (
        <Divider sx={{ mx: 2, mb: 1 }} />
      )}
      {children}
    </Box>
  );
}
