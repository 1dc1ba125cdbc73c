import polyglotI18nProvider from 'ra-i18n-polyglot';
import englishMessages from 'ra-language-english';

/** react-admin's own words where ours are calmer, and the names of the pages. */
export const messages = polyglotI18nProvider(
  () => ({
    ...englishMessages,
    ra: {
      ...englishMessages.ra,
      page: { ...englishMessages.ra.page, dashboard: 'Dashboard' },
      auth: { ...englishMessages.ra.auth, logout: 'Sign out', user_menu: 'Your account' },
    },
    resources: {
      members: { name: 'Member |||| Members' },
      invitations: { name: 'Invitation |||| Invitations' },
      listings: { name: 'Listing |||| Listings' },
      categories: { name: 'Category |||| Categories' },
      synonyms: { name: 'Synonym |||| Synonyms' },
      understanding: { name: 'Understanding |||| Understanding' },
      accounts: { name: 'Account |||| Accounts' },
      journal: { name: 'Entry |||| Journal' },
      demurrage: { name: 'Demurrage |||| Demurrage' },
      treasury: { name: 'Treasury |||| Treasury' },
      coinage: { name: 'Coinage |||| Coinage' },
      mints: { name: 'Mint |||| Mints' },
      karma: { name: 'Karma |||| Karma' },
      trades: { name: 'Trade |||| Trades' },
      disputes: { name: 'Dispute |||| Disputes' },
      imports: { name: 'Import |||| Imports' },
      audit: { name: 'Audit log |||| Audit log' },
      settings: { name: 'Settings |||| Settings' },
    },
  }),
  'en',
);
