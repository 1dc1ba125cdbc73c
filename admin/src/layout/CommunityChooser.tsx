import CheckIcon from '@mui/icons-material/Check';
import ExpandIcon from '@mui/icons-material/UnfoldMore';
import { Button, Divider, ListItemIcon, ListItemText, Menu, MenuItem } from '@mui/material';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { runs } from '../account/here.ts';
import { useChooseCommunity, useHere } from '../account/useHere.ts';

/** Shows where one is, and leads to the viewer's other communities. */
export function CommunityChooser() {
  const { data } = useHere();
  const choose = useChooseCommunity();
  const navigate = useNavigate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const name = data?.membership?.community.name;
  const go = (act: () => void) => () => {
    setAnchor(null);
    act();
  };
  return (
    <>
      <Button
        color="inherit"
        endIcon={<ExpandIcon fontSize="small" />}
        aria-haspopup="menu"
        aria-label={name ? `Community: ${name}` : 'Choose a community'}
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
        sx={{ fontWeight: 600, minWidth: 0, '& span': { flexShrink: 0 }, overflow: 'hidden', whiteSpace: 'nowrap' }}
      >
        {name ?? '…'}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {data?.memberships.filter(runs).map(({ community }) => (
          <MenuItem key={community.id} onClick={go(() => choose(community.slug))}>
            <ListItemIcon>
              {community.slug === data.membership?.community.slug && <CheckIcon fontSize="small" />}
            </ListItemIcon>
            <ListItemText>{community.name}</ListItemText>
          </MenuItem>
        ))}
        <Divider />
        <MenuItem onClick={go(() => navigate('/communities'))}>
          <ListItemIcon />
          <ListItemText>All communities…</ListItemText>
        </MenuItem>
      </Menu>
    </>
  );
}
