import { expect, test } from 'vitest';
import { ListingState } from '@kith/db';
import { LISTING_ACTIONS, stateAfter } from './lifecycle.ts';

/** Every action in every state; what is missing is refused. */
const allowed: Record<(typeof LISTING_ACTIONS)[number], Partial<Record<ListingState, ListingState>>> = {
  edit: { DRAFT: 'DRAFT', PUBLISHED: 'PUBLISHED', PAUSED: 'PAUSED', EXPIRED: 'EXPIRED', HIDDEN: 'HIDDEN' },
  publish: { DRAFT: 'PUBLISHED' },
  pause: { PUBLISHED: 'PAUSED' },
  resume: { PAUSED: 'PUBLISHED' },
  withdraw: { PUBLISHED: 'WITHDRAWN', PAUSED: 'WITHDRAWN', EXPIRED: 'WITHDRAWN' },
  fulfil: { PUBLISHED: 'FULFILLED', PAUSED: 'FULFILLED', EXPIRED: 'FULFILLED' },
  renew: { PUBLISHED: 'PUBLISHED', EXPIRED: 'PUBLISHED' },
  expire: { PUBLISHED: 'EXPIRED' },
  hide: { PUBLISHED: 'HIDDEN', PAUSED: 'HIDDEN', EXPIRED: 'HIDDEN', FULFILLED: 'HIDDEN', WITHDRAWN: 'HIDDEN' },
  unhide: { HIDDEN: 'EXPIRED' },
  duplicate: {
    DRAFT: 'DRAFT',
    PUBLISHED: 'PUBLISHED',
    PAUSED: 'PAUSED',
    EXPIRED: 'EXPIRED',
    FULFILLED: 'FULFILLED',
    WITHDRAWN: 'WITHDRAWN',
  },
  delete: { DRAFT: 'DRAFT' },
};

const states = Object.values(ListingState);
test.each(LISTING_ACTIONS.flatMap((action) => states.map((state) => [action, state] as const)))(
  '%s in the state %s leads where the rule says, or nowhere',
  (action, state) => {
    expect(stateAfter(action, { state, stateBeforeHidden: 'EXPIRED' })).toBe(allowed[action][state]);
  },
);

test('a listing hidden before anyone wrote down its state comes back paused, not published', () => {
  expect(stateAfter('unhide', { state: 'HIDDEN', stateBeforeHidden: null })).toBe('PAUSED');
});
