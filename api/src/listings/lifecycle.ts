import type { ListingState } from '@kith/db';

export const LISTING_ACTIONS = [
  'edit',
  'publish',
  'pause',
  'resume',
  'withdraw',
  'fulfil',
  'renew',
  'expire',
  'hide',
  'unhide',
  'duplicate',
  'delete',
] as const;
export type ListingAction = (typeof LISTING_ACTIONS)[number];

interface Rule {
  from: readonly ListingState[];
  /** Left out: the state stays what it is. */
  to?: ListingState;
}

/** From where an action may be taken, and where it leads. What is not listed here is refused. */
const rules: Record<ListingAction, Rule> = {
  // A hidden listing may be mended, so that the moderator can show it again.
  edit: { from: ['DRAFT', 'PUBLISHED', 'PAUSED', 'EXPIRED', 'HIDDEN'] },
  publish: { from: ['DRAFT'], to: 'PUBLISHED' },
  pause: { from: ['PUBLISHED'], to: 'PAUSED' },
  resume: { from: ['PAUSED'], to: 'PUBLISHED' },
  withdraw: { from: ['PUBLISHED', 'PAUSED', 'EXPIRED'], to: 'WITHDRAWN' },
  fulfil: { from: ['PUBLISHED', 'PAUSED', 'EXPIRED'], to: 'FULFILLED' },
  renew: { from: ['PUBLISHED', 'EXPIRED'], to: 'PUBLISHED' },
  expire: { from: ['PUBLISHED'], to: 'EXPIRED' },
  hide: { from: ['PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN'], to: 'HIDDEN' },
  unhide: { from: ['HIDDEN'] },
  // A copy of a hidden listing would be a way around the moderator.
  duplicate: { from: ['DRAFT', 'PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN'] },
  delete: { from: ['DRAFT'] },
};

/** The state after the action; undefined when the action is not allowed in this state. */
export function stateAfter(
  action: ListingAction,
  { state, stateBeforeHidden }: { state: ListingState; stateBeforeHidden?: ListingState | null },
): ListingState | undefined {
  const { from, to } = rules[action];
  if (!from.includes(state)) return undefined;
  if (action === 'unhide') return stateBeforeHidden ?? 'PAUSED';
  return to ?? state;
}
