import { ErrorInterface, builder, globalId } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import { MoneyType } from '../money.ts';
import {
  AccountClosed,
  AlreadyReversed,
  CeilingExceeded,
  EntryIdReused,
  InsufficientFunds,
  NotReversible,
  PartOfSomething,
} from './refusals.ts';

builder.objectType(InsufficientFunds, {
  name: 'InsufficientFunds',
  interfaces: [ErrorInterface],
  description: 'There is not enough available on the account.',
  fields: (t) => ({
    available: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What is available; for the owner of the account and those who keep the ledger.',
      resolve: ({ memberId, available }, _args, { member }) =>
        member && ((memberId !== null && memberId === member.memberId) || can(member.roles, 'ledgerRead'))
          ? available
          : null,
    }),
  }),
});
builder.objectType(CeilingExceeded, {
  name: 'CeilingExceeded',
  interfaces: [ErrorInterface],
  description: 'The receiving account has a ceiling and cannot take so much.',
});
builder.objectType(EntryIdReused, {
  name: 'EntryIdReused',
  interfaces: [ErrorInterface],
  description: 'The id chosen by the client stands for something else already.',
});
builder.objectType(AccountClosed, {
  name: 'AccountClosed',
  interfaces: [ErrorInterface],
  description: 'The account is closed, because its owner has left the community; it opens when they come back.',
});
builder.objectType(AlreadyReversed, {
  name: 'AlreadyReversed',
  interfaces: [ErrorInterface],
  description: 'The entry was reversed already.',
});
builder.objectType(PartOfSomething, {
  name: 'PartOfSomething',
  interfaces: [ErrorInterface],
  description: 'More than money hangs on the entry: it is undone with what it is about.',
  fields: (t) => ({
    mutation: t.exposeString('mutation', { description: 'The mutation that undoes all of it.' }),
    subjectId: t.id({
      description: 'The id of what it is about, such as a trade, for node(id:).',
      resolve: ({ subject: { type, id } }) => globalId(type, id),
    }),
  }),
});
builder.objectType(NotReversible, {
  name: 'NotReversible',
  interfaces: [ErrorInterface],
  description: 'There is nothing to reverse in the entry.',
});
