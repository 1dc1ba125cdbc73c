/** Who uses this browser, and the community they look at. A bearer token, never a cookie: a foreign page has nothing to ride on. */
const TOKEN = 'kith.token';
const COMMUNITY = 'kith.community';

export const session = {
  /** The session's token; gone with the tab unless the person asked to stay signed in. */
  token: (): string | null => sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN),
  /** The slug of the chosen community. */
  community: (): string | null => sessionStorage.getItem(COMMUNITY) ?? localStorage.getItem(COMMUNITY),

  begin(token: string, { stay }: { stay: boolean }) {
    session.end();
    (stay ? localStorage : sessionStorage).setItem(TOKEN, token);
  },
  choose(slug: string) {
    sessionStorage.setItem(COMMUNITY, slug);
    localStorage.setItem(COMMUNITY, slug);
  },
  leaveCommunity() {
    sessionStorage.removeItem(COMMUNITY);
    localStorage.removeItem(COMMUNITY);
  },
  /** Forgets the token; the choice of the community stays for the next time. */
  end() {
    sessionStorage.removeItem(TOKEN);
    localStorage.removeItem(TOKEN);
  },
  headers(): Record<string, string> {
    const [token, community] = [session.token(), session.community()];
    return {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(community && { 'x-kith-community': community }),
    };
  },
};
