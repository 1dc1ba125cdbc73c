import type { AuthProvider } from 'react-admin';
import { signIn, signOut, type Credentials } from './account/account.ts';
import { here, runs } from './account/here.ts';
import { isSessionOver, words } from './errors.ts';
import { session } from './session.ts';

/** Who is signed in, and what their roles allow in the chosen community. */
export const authProvider: AuthProvider = {
  async login({ next, ...credentials }: Credentials & { stay: boolean; next: string | null }) {
    await signIn(credentials);
    // A link that brought somebody here, such as an invitation, comes before any community.
    if (next) return { redirectTo: next };
    if (!(await choose())) return { redirectTo: '/communities' };
  },
  logout: signOut,
  async checkAuth() {
    if (!session.token()) throw { message: false, redirectTo: '/login' };
  },
  async checkError(error) {
    if (isSessionOver(error)) throw { message: words(error), redirectTo: '/login' };
  },
  async getIdentity() {
    const { me } = await here();
    return { id: me?.email ?? '', fullName: me?.name ?? '' };
  },
  async getPermissions() {
    return (await here()).membership?.capabilities ?? [];
  },
};

/** Keeps the community of the last time, or takes the only one there is; false when the person has to choose. */
async function choose(): Promise<boolean> {
  const { memberships, membership } = await here();
  if (membership && runs(membership)) return true;
  session.leaveCommunity();
  const [only, ...others] = memberships.filter(runs);
  if (!only || others.length) return false;
  session.choose(only.community.slug);
  return true;
}
