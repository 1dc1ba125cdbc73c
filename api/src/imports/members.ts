import { newId } from '../ids.ts';
import { EXTERNAL_ID_MOST, OWN, RowRefused, shortened } from './cells.ts';
import type { KnownMember } from './directory.ts';
import type { ListingDraft } from './listingRows.ts';
import type { ImportOptions } from './plan.ts';

/** A member an import brings into being: without a user, to be claimed by invitation. */
export interface Placeholder {
  id: string;
  externalId: string;
  displayName: string;
  contactEmail: string | null;
}

interface Owner {
  id: string;
  /** The external id of a placeholder that is not there yet. */
  newMember: string | null;
}

/** Finds whose a listing is by what the line says, and makes placeholder members where the import may. */
export class Owners {
  readonly made = new Map<string, Placeholder>();
  private readonly known: KnownMember[];
  private readonly placeholders: ImportOptions['placeholderMembers'];

  private readonly room: number;

  constructor(
    known: KnownMember[],
    { placeholders, room }: { placeholders: ImportOptions['placeholderMembers']; room: number },
  ) {
    this.known = known;
    this.placeholders = placeholders;
    this.room = room;
  }

  /** The member the text names, by external id, then e-mail address, then name; undefined for nobody. Refuses a text that means several. */
  named(text: string): KnownMember | undefined {
    const own = OWN.exec(text)?.[1];
    const email = text.toLowerCase();
    const ways: ((member: KnownMember) => boolean)[] = [
      ({ id, externalId }) => externalId === text || id === own,
      ({ user, contactEmail }) => user?.email === email || contactEmail?.toLowerCase() === email,
      ({ displayName }) => displayName === text,
    ];
    for (const is of ways) {
      const found = this.known.filter(is);
      if (found.length > 1)
        throw new RowRefused(`member: ${found.length} members are called "${text}": write the external id instead.`);
      if (found[0]) return found[0];
    }
    return undefined;
  }

  /** Whose a new listing is. */
  ownerOf({ member: text, externalId }: ListingDraft): Owner {
    const known = text ? this.named(text) : undefined;
    if (known && known.state !== 'ACTIVE')
      throw new RowRefused(`member: "${text}" is ${known.state.toLowerCase()} and cannot have new listings.`);
    if (known) return { id: known.id, newMember: null };
    if (this.placeholders === 'NONE')
      throw new RowRefused(
        text
          ? `member: the community knows nobody by "${text.slice(0, 80)}". Import the members first, or ask for placeholder members.`
          : 'member: the line does not say whose this is. Add a column member, or ask for placeholder members.',
      );
    return text ? this.byName(text) : this.byListing(externalId);
  }

  private byName(text: string): Owner {
    if (text.length > EXTERNAL_ID_MOST || /\p{Cc}/u.test(text))
      throw new RowRefused('member: write an external id, an e-mail address or a name on one line.');
    const isEmail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
    return this.placeholder(text, {
      displayName: shortened(isEmail ? text.split('@')[0]! : text, NAME_MOST),
      contactEmail: isEmail ? text.toLowerCase() : null,
    });
  }

  // A member's own offers never answer their own wants, so listings of nobody in particular are not put together unless asked for.
  private byListing(externalId: string): Owner {
    const isShared = this.placeholders === 'ONE';
    const key = isShared ? 'imported-listings' : `listing:${externalId}`;
    const known = this.known.find((member) => member.externalId === key);
    if (known) return { id: known.id, newMember: null };
    const displayName = isShared ? 'Imported listings' : shortened(`Member of listing ${externalId}`, NAME_MOST);
    return this.placeholder(key, { displayName, contactEmail: null });
  }

  private placeholder(externalId: string, rest: Pick<Placeholder, 'displayName' | 'contactEmail'>): Owner {
    const made = this.made.get(externalId) ?? { id: newId(), externalId, ...rest };
    if (!this.made.has(externalId) && this.made.size >= this.room) throw new RowRefused(NO_ROOM);
    this.made.set(externalId, made);
    return { id: made.id, newMember: externalId };
  }
}
const NAME_MOST = 80;
export const NO_ROOM = 'The community has no room for another member: raise its capacity, or name fewer members.';

/** What lines of listings say about their members, to be looked up at once; with the placeholders an earlier run made. */
export const namesOf = (drafts: ListingDraft[]): string[] => [
  ...new Set(
    drafts
      .flatMap(({ member, externalId }) => (member ? [member] : [`listing:${externalId}`, 'imported-listings']))
      .filter((text) => text.length <= EXTERNAL_ID_MOST + 'listing:'.length),
  ),
];
