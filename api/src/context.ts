import type { MemberRole, MemberState } from '@kith/db';
import { clock } from './clock.ts';
import { pool } from './db.ts';
import { createHash } from 'node:crypto';
import { NO_COMMUNITY, withCommunity } from '@kith/db';

/** The person who signed in. */
export interface Viewer {
  sessionId: string;
  userId: string;
  email: string;
  emailVerified: boolean;
  name: string;
  locale: string;
  platformAdministrator: boolean;
}

/** The viewer in the community of the request. Domain functions take this: it says who acts and where. */
export interface Member {
  communityId: string;
  memberId: string;
  userId: string;
  state: MemberState;
  roles: MemberRole[];
}

/** What every resolver gets. Made once for each request (or for each event of a subscription). */
export interface Context {
  requestId: string;
  address: string;
  userAgent: string;
  viewer: Viewer | null;
  /** The community named by the request, when there is one of that name. */
  communityId: string | null;
  member: Member | null;
  /** True when one execution answers many members: nothing personal may be shown. */
  shared: boolean;
}

export const hashToken = (token: string) => createHash('sha256').update(token).digest();

const TOKEN = /^[A-Za-z0-9_-]{20,100}$/;
// A slug or an id. Anything else names no community, and some of it the database would not even read.
const COMMUNITY = /^[a-z0-9][a-z0-9-]{1,62}$/;

/** Who asks, by one prepared statement. An unknown or expired token is nobody; an unknown community is none. */
export async function identify(
  token: string | undefined,
  community: string | undefined,
): Promise<Pick<Context, 'viewer' | 'communityId' | 'member'>> {
  if (!token && !community) return { viewer: null, communityId: null, member: null };
  const named = community && COMMUNITY.test(community) ? community : null;
  const values = [token && TOKEN.test(token) ? hashToken(token) : null, named];
  const { rows } = await withCommunity(NO_COMMUNITY, () =>
    pool.query({ name: 'viewer', text: 'select * from kith.viewer($1, $2)', values }),
  );
  const row = rows[0];
  const viewer: Viewer | null = row.session_id && {
    sessionId: row.session_id,
    userId: row.user_id,
    email: row.email,
    emailVerified: row.email_verified,
    name: row.name,
    locale: row.locale,
    platformAdministrator: row.platform_administrator,
  };
  if (viewer && clock.now().getTime() - row.last_used_at.getTime() > USED_WITHIN_MS) noteUse(viewer.sessionId);
  const member: Member | null =
    viewer && row.member_id
      ? {
          communityId: row.community_id,
          memberId: row.member_id,
          userId: row.user_id,
          state: row.member_state,
          roles: rolesOf(row.roles),
        }
      : null;
  return { viewer, communityId: row.community_id, member };
}

const USED_WITHIN_MS = 300_000;
/** Notes that the session is in use, beside the request; a note that is lost is made by the next one. */
function noteUse(sessionId: string) {
  const values = [sessionId, clock.now()];
  const text = "update sessions set last_used_at = $2 where id = $1 and last_used_at < $2::timestamptz - interval '5 minutes'";
  withCommunity(NO_COMMUNITY, () => pool.query({ name: 'session_used', text, values })).catch(() => {});
}

/** pg gives an array of a custom enum as its text: {MEMBER,OPERATOR}. */
const rolesOf = (roles: string | MemberRole[]): MemberRole[] =>
  typeof roles === 'string' ? (roles.slice(1, -1).split(',').filter(Boolean) as MemberRole[]) : roles;
