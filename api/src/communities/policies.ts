import { z } from 'zod';

/**
 * The rules a community sets for itself, with what holds while it has said nothing. A community stores only what differs,
 * so that a better default reaches everybody who did not choose. A rule added here is in the API without another line.
 */
const rules = {
  admission: z
    .enum(['OPEN', 'APPROVAL', 'INVITATION'])
    .default('APPROVAL')
    .describe('How one joins: at once, by an operator’s approval, or by invitation only.'),
  invitedNeedApproval: z.boolean().default(false).describe('Invited people too wait for an operator’s approval.'),
  openInvitationsPerMember: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(10)
    .describe('Open invitations an ordinary member may have at a time; 0: only operators and brokers invite.'),
  minimumOffers: z.number().int().min(0).max(50).default(0).describe('Offers an applicant has to prepare.'),
  minimumWants: z.number().int().min(0).max(50).default(0).describe('Wants an applicant has to prepare.'),
  publicListings: z.boolean().default(false).describe('Outsiders see the published offers and wants.'),
  publishStatistics: z.boolean().default(false).describe('Outsiders see how many members there are.'),
  listingDays: z.number().int().min(1).max(3650).default(90).describe('Days an offer stays published.'),
  wantDays: z.number().int().min(1).max(3650).default(60).describe('Days a want stays published.'),
  creditLimit: z
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .describe(
      'How far a member’s account may fall below zero, in whole units of the local currency. Accounts opened from now on begin with it; those that are there keep theirs until applyCreditLimit gives it to them. With 0, coinage alone makes money.',
    ),
  paymentMost: z
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .describe('The largest local amount of one payment or trade, in whole units; 0: no limit.'),
  paymentsPerDayMost: z
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .describe(
      'The most a member pays in a day of the community’s time zone, in whole units of the local currency; 0: no limit.',
    ),
  requestDays: z.number().int().min(1).max(365).default(30).describe('Days a payment request stays open.'),
  proposalDays: z.number().int().min(1).max(365).default(14).describe('Days a proposal of a trade stays open.'),
  completionDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('Days after delivery until a reserved trade completes by itself, when the buyer says nothing.'),
  disputeDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe(
      'Days after completion in which a trade can be disputed, and after a decision in which it can be appealed.',
    ),
  reviewDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe('Days after its end in which a trade can be reviewed; then what was written can be read by all.'),
  reminderDays: z.number().int().min(0).max(365).default(7).describe('Days before the end its author is reminded.'),
  coinage: z.boolean().default(true).describe('Newcomers who sell are paid in part with new coins.'),
  coinageGrant: z
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(100)
    .describe(
      'Coins earmarked for a member on admission, in whole units of the local currency; they are minted when the member sells. 0: none.',
    ),
  coinageGrantDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(365)
    .describe('Days until what is left of a grant expires; 0: never.'),
  coinageShare: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('The share of a newcomer’s price that is minted, in percent; the buyer pays the rest.'),
  coinageReputation: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(5)
    .describe('The reputation, in points, from which a member buys with coinage.'),
  coinageNewcomerDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe('Days after their admission in which a member does not buy with coinage yet.'),
  coinageBuyerLimit: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(50)
    .describe('The most that is minted for one buyer in a period, in whole units of the local currency.'),
  coinagePeriod: z
    .enum(['WEEK', 'MONTH', 'QUARTER'])
    .default('MONTH')
    .describe('The period of a buyer’s limit, in the time zone of the community; weeks begin on Monday.'),
  karma: z.boolean().default(false).describe('Members earn points, levels and badges for what helps the community.'),
  karmaForReview: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(1)
    .describe('Points of karma for an honest review; 0: none.'),
  karmaForInvitation: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(10)
    .describe('Points of karma for inviting somebody who became active; 0: none.'),
  demurrage: z
    .boolean()
    .default(false)
    .describe('Whether money that lies still pays a holding cost to the treasury at the end of each period.'),
  demurrageRatePpm: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(10_000)
    .describe('The holding cost of one period in parts per million of what is above the allowance: 10000 is 1 %.'),
  demurragePeriod: z
    .enum(['DAY', 'WEEK', 'MONTH', 'QUARTER'])
    .default('MONTH')
    .describe('How often the holding cost is charged. Quarters end in March, June, September and December.'),
  demurrageDay: z
    .number()
    .int()
    .min(1)
    .max(31)
    .default(31)
    .describe(
      'The day on which a period ends: of the month, or of the quarter’s last month, where a short month ends on its last day; of the week, 1 for Monday to 7 (and above) for Sunday.',
    ),
  demurrageTime: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give a time of day such as 23:59.')
    .default('23:59')
    .describe('The time of that day at which balances are charged, such as 23:59, in the community’s time zone.'),
  demurrageAllowance: z
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .describe('What every member may hold free of the holding cost, in whole units of the local currency.'),
  demurrageGraceDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe('Days of 24 hours after admission in which a member pays no holding cost.'),
};
const schema = z.object(rules);
export type Policies = z.output<typeof schema>;
export type PolicyName = keyof Policies;

export const policyRules = Object.entries(rules) as [PolicyName, (typeof rules)[PolicyName]][];
export const defaultPolicies = schema.parse({});

/** The rules of a community as they hold now: its own, and the defaults for the rest. */
export const policiesOf = ({ policies }: { policies: unknown }): Policies => schema.parse(policies);

/** What to store after a change: only what differs from the defaults. Null takes a rule back to its default. */
export function changedPolicies(
  stored: unknown,
  change: { [P in PolicyName]?: Policies[P] | null | undefined },
): Partial<Policies> {
  const wanted = {
    ...schema.parse(stored),
    ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
  };
  const entries = policyRules
    .map(([name]) => [name, wanted[name] ?? defaultPolicies[name]] as const)
    .filter(([name, value]) => value !== defaultPolicies[name]);
  return Object.fromEntries(entries);
}
