import type { MemberState } from '@kith/db';
import { DomainError } from '../errors.ts';

/** What may follow what. LEFT and REJECTED are no ends: the same person may apply again. */
const next: Record<MemberState, readonly MemberState[]> = {
  APPLIED: ['ACTIVE', 'REJECTED', 'LEFT'],
  ACTIVE: ['SUSPENDED', 'LEAVING'],
  SUSPENDED: ['ACTIVE', 'LEAVING'],
  LEAVING: ['LEFT'],
  LEFT: ['APPLIED', 'ACTIVE'],
  REJECTED: ['APPLIED', 'ACTIVE'],
};

/** The membership is in a state in which this cannot be done. */
export class WrongMemberState extends DomainError {
  readonly code = 'WRONG_MEMBER_STATE';
  readonly state: MemberState;
  constructor(state: MemberState) {
    super(`The membership is ${state.toLowerCase()}, so this cannot be done. Load it again to see what can.`);
    this.state = state;
  }
}

/** Refuses a step the life of a membership does not have. */
export function requireStep(from: MemberState, to: MemberState) {
  if (!next[from].includes(to)) throw new WrongMemberState(from);
}

/** States that take a place in the community's capacity. */
export const PLACED: MemberState[] = ['ACTIVE', 'SUSPENDED', 'LEAVING'];
