import type { Policies } from './communities.ts';

type Named<Value> = { [P in keyof Policies]: Policies[P] extends Value ? P : never }[keyof Policies];

/** Policies that are shown and saved together. */
export interface PolicyGroup {
  title: string;
  help: string;
  submit: string;
  choices: { name: Named<string>; label: string; options: Record<string, string> }[];
  numbers: { name: Named<number>; label: string; help?: string; least: number; most: number }[];
  switches: { name: Named<boolean>; label: string; help: string }[];
}

const UNITS_MOST = 1_000_000_000;

export const joining: PolicyGroup = {
  title: 'Policies',
  help: 'They hold from the moment they are saved, for everybody.',
  submit: 'Save policies',
  choices: [
    {
      name: 'admission',
      label: 'How one joins',
      options: {
        OPEN: 'Open: at once',
        APPROVAL: 'Approval: an operator decides',
        INVITATION: 'Invitation: only who is invited',
      },
    },
  ],
  numbers: [
    { name: 'listingDays', label: 'Days an offer stays published', least: 1, most: 3650 },
    { name: 'wantDays', label: 'Days a want stays published', least: 1, most: 3650 },
    { name: 'reminderDays', label: 'Days of warning before the end', least: 0, most: 365 },
    { name: 'openInvitationsPerMember', label: 'Open invitations per member', least: 0, most: 1000 },
    { name: 'minimumOffers', label: 'Offers an applicant prepares', least: 0, most: 50 },
    { name: 'minimumWants', label: 'Wants an applicant prepares', least: 0, most: 50 },
  ],
  switches: [
    { name: 'invitedNeedApproval', label: 'Invited people wait for approval', help: 'Else they are members at once.' },
    { name: 'publicListings', label: 'Outsiders see offers and wants', help: 'Only what is published.' },
    {
      name: 'publishStatistics',
      label: 'Outsiders see how many members there are',
      help: 'The number, never names.',
    },
  ],
};

export const dealing: PolicyGroup = {
  title: 'Money, trades and coinage',
  help: 'Amounts are in whole units of the local currency. The rules of demurrage have a page of their own.',
  submit: 'Save these policies',
  choices: [
    {
      name: 'coinagePeriod',
      label: 'Period of a buyer’s limit of new coins',
      options: { WEEK: 'Every week', MONTH: 'Every month', QUARTER: 'Every quarter' },
    },
  ],
  numbers: [
    { name: 'creditLimit', label: 'Credit limit', help: 'Of accounts opened from now on.', least: 0, most: UNITS_MOST },
    { name: 'requestDays', label: 'Days a request stays open', least: 1, most: 365 },
    { name: 'paymentMost', label: 'Most of one payment or trade', help: '0: no limit.', least: 0, most: UNITS_MOST },
    { name: 'paymentsPerDayMost', label: 'Most paid in a day', help: '0: no limit.', least: 0, most: UNITS_MOST },
    { name: 'proposalDays', label: 'Days a proposal stays open', least: 1, most: 365 },
    {
      name: 'completionDays',
      label: 'Days until a trade completes',
      help: 'By itself, after delivery.',
      least: 1,
      most: 365,
    },
    { name: 'disputeDays', label: 'Days to dispute or appeal', least: 1, most: 365 },
    { name: 'reviewDays', label: 'Days to review', least: 1, most: 365 },
    { name: 'coinageGrant', label: 'Coins granted on admission', help: '0: none.', least: 0, most: UNITS_MOST },
    { name: 'coinageGrantDays', label: 'Days until a grant expires', help: '0: never.', least: 0, most: 3650 },
    { name: 'coinageShare', label: 'Share that is minted, %', least: 0, most: 100 },
    { name: 'coinageBuyerLimit', label: 'Most minted for a buyer in a period', least: 1, most: UNITS_MOST },
    { name: 'coinageReputation', label: 'Reputation of a buyer, points', least: 0, most: 10_000 },
    {
      name: 'coinageNewcomerDays',
      label: 'Days as a newcomer',
      help: 'Before buying with new coins.',
      least: 0,
      most: 3650,
    },
    { name: 'karmaForReview', label: 'Karma for an honest review', help: '0: none.', least: 0, most: 1000 },
    { name: 'karmaForInvitation', label: 'Karma for an invitation', help: '0: none.', least: 0, most: 1000 },
  ],
  switches: [
    { name: 'coinage', label: 'New coinage', help: 'Newcomers who sell are paid in part with new coins.' },
    { name: 'karma', label: 'Karma', help: 'Points, levels and badges for what helps the community.' },
  ],
};
