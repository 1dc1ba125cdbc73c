import { request } from '../request.ts';
import { session } from '../session.ts';
import { HERE } from './here.graphql.ts';

/** Who is signed in, which communities they belong to, and what they are in the chosen one. */
export async function here() {
  const { me, myMemberships } = await request(HERE, {});
  const slug = session.community();
  return { me, memberships: myMemberships, membership: myMemberships.find(({ community }) => community.slug === slug) };
}
export type Here = Awaited<ReturnType<typeof here>>;
export type Membership = Here['memberships'][number];

/** True when the membership gives something to do in the console. */
export const runs = ({ capabilities }: Membership) => capabilities.includes('dashboardRead');
