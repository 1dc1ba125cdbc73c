import type { ListingState } from '@kith/db';
import { DomainError } from '../errors.ts';

/** The listing is in a state in which this cannot be done. */
export class WrongListingState extends DomainError {
  readonly code = 'WRONG_LISTING_STATE';
  readonly state: ListingState;
  constructor(state: ListingState) {
    super(`The listing is ${state.toLowerCase()}, so this cannot be done. Load it again to see what can.`);
    this.state = state;
  }
}

/** Somebody wrote the listing since the client loaded it. */
export class ListingChanged extends DomainError {
  readonly code = 'LISTING_CHANGED';
  readonly currentVersion: number;
  constructor(currentVersion: number) {
    super('The listing was changed since you loaded it. Load it again, then make your change.');
    this.currentVersion = currentVersion;
  }
}

/** The client's id belongs to a listing that was made with other content. */
export class ListingIdReused extends DomainError {
  readonly code = 'LISTING_ID_REUSED';
  constructor() {
    super('This id was used for a listing with other content. Make a new id for a new listing.');
  }
}

/** The member has as many listings as the community allows. */
export class TooManyListings extends DomainError {
  readonly code = 'TOO_MANY_LISTINGS';
  readonly most: number;
  constructor(most: number, state: 'DRAFT' | 'PUBLISHED') {
    super(
      state === 'DRAFT'
        ? `A member has at most ${most} drafts. Publish or delete some.`
        : `A member has at most ${most} published listings. Withdraw or pause some.`,
    );
    this.most = most;
  }
}

/** The member whose listing it is may not write now: suspended, leaving or not yet admitted. */
export class ListingOwnerNotActive extends DomainError {
  readonly code = 'LISTING_OWNER_NOT_ACTIVE';
  constructor() {
    super('The member whose listing this is, is not active in the community now.');
  }
}
