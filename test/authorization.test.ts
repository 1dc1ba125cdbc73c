import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testKith, type Answer, type As, type TestKith } from './kit.ts';
import { globalId } from './listing.ts';
import { documentOf, fieldsOf, variablesOf, type Field, type Root } from './requests.ts';
import { openSocket } from './socket.ts';
import { fingerprint, wholeCommunity, type WholeCommunity } from './wholeCommunity.ts';

/** Who asks, in a community that publishes its listings. What is asked for belongs to the owner, an ordinary member. */
const ACTORS = [
  'anonymous',
  'user', // is signed in and has nothing to do with the community
  'stranger', // an operator of another community
  'administrator', // of the platform
  'applicant',
  'suspended',
  'member',
  'owner',
  'moderator',
  'broker',
  'treasurer',
  'operator',
] as const;
type Actor = (typeof ACTORS)[number];

const SIGNED_IN = ACTORS.slice(1).join(' ');
const EVERYBODY = ACTORS.join(' ');
const INSIDE = 'applicant suspended member owner moderator broker treasurer operator';
const MEMBERS = 'member owner moderator broker treasurer operator';
const STAFF = 'moderator broker treasurer operator';
const MODERATORS = 'moderator operator';
/** Who keeps the ledger. */
const KEEPERS = 'treasurer operator';
/** Whose it is, and those who write for members who are offline. */
const WRITERS = 'owner broker operator';

/** Whose it is, and those who look after trades. */
const LOOKING_AFTER = 'owner moderator broker operator';

/** Who may. Everybody else is refused, and nothing changes. */
const MATRIX: Record<Root, Record<string, string>> = {
  Query: {
    accountList: KEEPERS,
    auditLog: 'moderator treasurer operator',
    categories: EVERYBODY,
    charters: MEMBERS,
    coinageList: 'moderator treasurer operator',
    coinageMintList: 'moderator treasurer operator',
    coinageReport: 'moderator treasurer operator',
    coinageWith: MEMBERS,
    communities: EVERYBODY,
    community: EVERYBODY,
    dashboard: STAFF,
    explainMatch: MODERATORS,
    explainMatches: MODERATORS,
    demurragePreview: KEEPERS,
    demurrageRunList: KEEPERS,
    disputeList: MODERATORS,
    exportCategories: MODERATORS,
    exportMyData: INSIDE,
    founders: MEMBERS,
    import: 'operator',
    importList: 'operator',
    importRows: 'operator',
    inactiveMemberList: KEEPERS,
    invitation: EVERYBODY,
    invitationList: MEMBERS,
    journalEntryList: KEEPERS,
    karmaAwardList: MEMBERS,
    karmaRules: MEMBERS,
    listing: MEMBERS,
    listingList: MODERATORS,
    listings: MEMBERS,
    me: SIGNED_IN,
    member: MEMBERS,
    memberList: STAFF,
    memberReviews: MEMBERS,
    members: MEMBERS,
    moneyReport: KEEPERS,
    myAccount: MEMBERS,
    myAccounts: MEMBERS,
    myCoinage: MEMBERS,
    myDemurrage: MEMBERS,
    myListings: INSIDE,
    myMember: INSIDE,
    myMemberships: SIGNED_IN,
    myTrades: MEMBERS,
    myPaymentLink: MEMBERS,
    node: MEMBERS,
    notificationPreferences: MEMBERS,
    notifications: MEMBERS,
    obstaclesToLeaving: MEMBERS,
    paymentLink: MEMBERS,
    paymentRequests: MEMBERS,
    paymentRules: MEMBERS,
    policiesAt: MEMBERS,
    policyChangeList: MEMBERS,
    publicListings: EVERYBODY,
    publicSearch: EVERYBODY,
    platformUnderstanding: 'administrator',
    savedSearches: MEMBERS,
    search: MEMBERS,
    searchStatus: STAFF,
    searchSuggestions: MEMBERS,
    searchToken: MEMBERS,
    sessions: SIGNED_IN,
    suggestCategories: MEMBERS,
    suggestions: MEMBERS,
    synonymList: MODERATORS,
    trade: LOOKING_AFTER,
    tradeList: 'moderator broker operator',
    treasuryLineList: MEMBERS,
    treasuryReport: MEMBERS,
    trialBalance: KEEPERS,
    understanding: STAFF,
    understoodListings: STAFF,
    learnedCategories: 'administrator',
  },
  Mutation: {
    acceptCharter: MEMBERS,
    acceptInvitation: SIGNED_IN,
    acceptPaymentRequest: WRITERS,
    acceptSuggestion: 'owner',
    addEvidence: 'owner',
    agreeTrade: 'owner',
    appealDispute: 'owner',
    applyForMembership: SIGNED_IN,
    appointFounder: 'operator',
    approveMember: 'operator',
    archiveCategory: MODERATORS,
    awardKarma: MODERATORS,
    burnFromTreasury: KEEPERS,
    buyForTreasury: KEEPERS,
    cancelImport: 'operator',
    cancelPaymentRequest: 'broker operator',
    cancelTrade: 'owner',
    changeEmail: SIGNED_IN,
    changePassword: SIGNED_IN,
    completeTrade: 'owner',
    confirmGlobalPart: 'owner',
    counterTrade: 'owner',
    createCategory: MODERATORS,
    createCommunity: 'administrator',
    createImport: 'operator',
    createListing: 'applicant member owner moderator broker treasurer operator',
    createSavedSearch: MEMBERS,
    createSynonyms: MODERATORS,
    declinePaymentRequest: WRITERS,
    declineTrade: 'owner',
    deleteDraft: WRITERS,
    deletePaymentRule: 'owner',
    deleteSavedSearch: 'owner',
    deleteSynonyms: MODERATORS,
    dismissFounder: 'operator',
    dismissSuggestion: 'owner',
    duplicateListing: WRITERS,
    endSession: 'owner',
    eraseMember: 'operator',
    eraseMyAccount: SIGNED_IN,
    fulfilListing: WRITERS,
    grantCoinage: 'operator',
    giveToTreasury: MEMBERS,
    grantFromTreasury: KEEPERS,
    hideListing: MODERATORS,
    hideReviewText: MODERATORS,
    importCategories: MODERATORS,
    importSynonyms: MODERATORS,
    inviteMembers: MEMBERS,
    learnCategories: 'administrator',
    leaveCommunity: INSIDE,
    markDelivered: 'owner',
    markNotificationsRead: MEMBERS,
    mergeCategories: MODERATORS,
    moveCategory: MODERATORS,
    pauseListing: WRITERS,
    pay: MEMBERS,
    payBatch: MEMBERS,
    openDispute: 'owner',
    proposeTrade: MEMBERS,
    publishCharter: 'operator',
    publishListing: WRITERS,
    refundPayment: 'owner',
    reinstateMember: MODERATORS,
    rejectMember: 'operator',
    renameCategory: MODERATORS,
    renewListing: WRITERS,
    reorderCategories: MODERATORS,
    replyToReview: 'owner',
    requestEmailVerification: EVERYBODY,
    requestPasswordReset: EVERYBODY,
    requestPayment: MEMBERS,
    resetPassword: EVERYBODY,
    resolveDispute: MODERATORS,
    resumeListing: WRITERS,
    reverseEntry: KEEPERS,
    reviewTrade: 'owner',
    revokeInvitation: WRITERS,
    revokeKarma: MODERATORS,
    schedulePolicies: 'operator',
    setCreditLimit: KEEPERS,
    setMemberCreditLimit: KEEPERS,
    applyCreditLimit: KEEPERS,
    setKarmaRules: 'operator',
    setMemberRoles: 'operator',
    setNotificationPreferences: MEMBERS,
    setPaymentRule: MEMBERS,
    signIn: EVERYBODY,
    signOut: SIGNED_IN,
    signOutEverywhere: SIGNED_IN,
    signUp: EVERYBODY,
    startDemurrage: KEEPERS,
    startImport: 'operator',
    suspendMember: MODERATORS,
    takeBackLearnedCategories: 'administrator',
    undoTrade: 'operator',
    unhideListing: MODERATORS,
    updateCommunity: 'operator',
    updateListing: WRITERS,
    updateMyProfile: MEMBERS,
    updatePolicies: 'operator',
    updateSavedSearch: 'owner',
    updateSynonyms: MODERATORS,
    updateUser: SIGNED_IN,
    verifyEmail: EVERYBODY,
    voidMint: MODERATORS,
    withdrawApplication: INSIDE,
    withdrawListing: WRITERS,
  },
  Subscription: {
    accountChanged: MEMBERS,
    importChanged: 'operator',
    listingChanged: MEMBERS,
    notificationReceived: MEMBERS,
    paymentReceived: MEMBERS,
    paymentRequestChanged: MEMBERS,
    reputationChanged: MEMBERS,
    suggestionFound: MEMBERS,
    tradeChanged: MEMBERS,
  },
};

let kith: TestKith;
let elsewhere: WholeCommunity;
let world: WholeCommunity | undefined;
beforeAll(async () => {
  kith = await testKith({ settings: { MAX_QUERY_COMPLEXITY: '1000000', MAX_QUERY_DEPTH: '50' } });
  elsewhere = await wholeCommunity(kith);
});
afterAll(() => kith.stop());

const community = async () =>
  (world ??= await wholeCommunity(kith, { visibility: 'LISTED', policies: { publicListings: true, demurrage: true } }));

async function person(actor: Actor, of: WholeCommunity): Promise<As> {
  const here = { community: of.slug };
  if (actor === 'anonymous') return here;
  if (actor === 'owner' || actor === 'operator') return of[actor];
  if (actor === 'user') return { ...(await kith.user()), ...here };
  if (actor === 'administrator') return { ...(await kith.user({ administrator: true })), ...here };
  if (actor === 'stranger') return { ...(await kith.member(elsewhere, { roles: ['MEMBER', 'OPERATOR'] })), ...here };
  if (actor === 'applicant') return kith.member(of, { state: 'APPLIED' });
  if (actor === 'suspended') return kith.member(of, { state: 'SUSPENDED', roles: ['MEMBER', 'OPERATOR'] });
  const role = actor.toUpperCase() as 'MEMBER';
  return kith.member(of, { roles: role === 'MEMBER' ? [role] : ['MEMBER', role] });
}

const REFUSED = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'];
/** Missing and forbidden look alike: a code of refusal, or nothing. */
const isRefused = ({ errors, data }: Answer, { name }: Field) =>
  REFUSED.includes(errors?.[0]?.extensions.code ?? '') || (!errors && data![name] === null);

/** A want and an offer that can be compared. */
const pairOf = ({ listings }: WholeCommunity) => ({
  wantId: globalId('Listing', listings.PUBLISHED_WANT!),
  offerId: globalId('Listing', listings.PUBLISHED!),
});

/** What the rules need to be reached: a token that holds, a pair that is one. */
function variablesFor(field: Field, of: WholeCommunity): Record<string, unknown> {
  const known: Record<string, Record<string, unknown>> = {
    explainMatch: pairOf(of),
    explainMatches: { listingId: pairOf(of).wantId },
    invitation: { token: of.invitationToken },
    acceptInvitation: { token: of.invitationToken },
    paymentLink: { uri: `kith:${of.slug}/pay/${of.owner.memberId}` },
    publicListings: { community: of.slug },
    publicSearch: { community: of.slug },
  };
  return variablesOf(field, { optional: 'none', values: known[field.name] ?? {}, id: (type) => of.ids[type]![0]! });
}

async function ask(root: Root, field: Field, of: WholeCommunity, as: As): Promise<Answer> {
  const document = documentOf(root, field, { depth: 1 });
  const variables = variablesFor(field, of);
  if (root !== 'Subscription') return kith.gql(document, variables, as);
  const socket = await openSocket(kith.url, as);
  await socket.next();
  socket.subscribe('asked', document, variables);
  while (!kith.subscriptions() && !socket.received.length) await soon();
  const [refusal] = socket.received;
  socket.close();
  while (kith.subscriptions()) await soon();
  if (!refusal) return { data: { [field.name]: 'live' } };
  return refusal.type === 'error' ? { data: null, errors: refusal.payload } : refusal.payload;
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 2));

/** What must not change when somebody is refused: the community, and the jobs that wait. */
const look = async (of: WholeCommunity) => ({
  ...(await fingerprint(kith, of.id)),
  jobs: await kith.sql('select count(*) from graphile_worker._private_jobs'),
});

for (const root of ['Query', 'Mutation', 'Subscription'] as const)
  describe(root, () => {
    test('every field has its line, and every line its field', () => {
      expect(Object.keys(MATRIX[root]).sort()).toEqual(
        fieldsOf(root)
          .map(({ name }) => name)
          .sort(),
      );
    });
    for (const field of fieldsOf(root))
      test(`${field.name} is for ${MATRIX[root][field.name] ?? 'somebody: say in this file for whom'}`, async () => {
        const allowed: Actor[] = [];
        for (const actor of ACTORS) {
          const of = await community();
          const as = await person(actor, of);
          const before = root === 'Mutation' && (await look(of));
          const answer = await ask(root, field, of, as);
          expect(answer.errors?.[0]?.extensions.code, `${actor}: ${JSON.stringify(answer.errors)}`).not.toBe(
            'INTERNAL',
          );
          if (!isRefused(answer, field)) allowed.push(actor);
          else if (before) expect(await look(of), `${actor} was refused`).toEqual(before);
          // What was allowed has changed it.
          if (root === 'Mutation' && allowed.at(-1) === actor) world = undefined;
        }
        expect(allowed.join(' ')).toBe(MATRIX[root][field.name]);
      });
  });

test('a suggestion is gone for a member who may not see the other listing any more', async () => {
  const { owner, ids, listings } = await wholeCommunity(kith);
  const read = () =>
    kith.gql(
      'query ($id: ID!) { node(id: $id) { ... on Suggestion { want { title } } } }',
      { id: ids.Suggestion![0] },
      owner,
    );
  expect((await read()).errors).toBeUndefined();
  await kith.sql("update listings set state = 'HIDDEN' where id = $1", [listings.PUBLISHED_WANT]);
  expect(await read()).toMatchObject({ data: { node: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});
