import { createHash } from 'node:crypto';
import { MemberRole, MemberState } from '@kith/db';
import { emailAddress } from '../identity/addresses.ts';
import { line, locale as localeRule, paragraphs } from '../communities/text.ts';
import { Rejection } from '../errors.ts';
import { RowRefused, choice, listOf, ownId, place, ruled } from './cells.ts';
import type { Row } from './columns.ts';

/** What a line of a file says about a member; columns the file does not have are absent. */
export interface MemberDraft {
  externalId: string;
  /** True when the file gave no id and the one above was derived. */
  derived: boolean;
  columns: {
    displayName: string;
    contactEmail?: string | null;
    phone?: string | null;
    bio?: string;
    latitude?: number | null;
    longitude?: number | null;
    locale?: string;
  };
  roles: MemberRole[] | undefined;
  state: MemberState | undefined;
}

/** Reads a line; throws a RowRefused with the reason, which names the column. */
export function readMember(row: Row, { locale }: { locale: string }): MemberDraft {
  const where = place(row).place;
  const email = row.email ? address(row.email) : null;
  const displayName = ruled('name', displayNameRule, row.name);
  return {
    externalId: memberId(row),
    derived: !row.external_id,
    columns: {
      displayName,
      ...(row.email !== undefined && { contactEmail: email }),
      ...(row.phone !== undefined && { phone: row.phone ? ruled('phone', line(PHONE_MOST), row.phone) : null }),
      ...(row.bio !== undefined && { bio: ruled('bio', paragraphs(BIO_MOST), row.bio) }),
      ...(where !== undefined && { latitude: where?.latitude ?? null, longitude: where?.longitude ?? null }),
      ...(row.locale !== undefined && { locale: row.locale ? ruled('locale', localeRule, row.locale) : locale }),
    },
    roles: row.roles === undefined ? undefined : rolesOf(row.roles),
    state: row.state ? choice('state', row.state, MemberState) : undefined,
  };
}

/** What makes a line the same member in the next file: its own id, or one derived from the address or else the name. */
export function memberId(row: Row): string {
  const text = (row.email || row.name || '').toLowerCase();
  return ownId(row.external_id) || `auto:${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}

const displayNameRule = line(80);
const PHONE_MOST = 40;
const BIO_MOST = 2000;

/** Everybody is a member; the order is that of the roles themselves, so that lists compare. */
function rolesOf(cell: string): MemberRole[] {
  const given = listOf(cell).map((role) => choice('roles', role, MemberRole));
  return Object.values(MemberRole).filter((role) => role === 'MEMBER' || given.includes(role));
}

function address(cell: string): string {
  try {
    return emailAddress(cell);
  } catch (error) {
    if (error instanceof Rejection) throw new RowRefused(error.message);
    throw error;
  }
}
