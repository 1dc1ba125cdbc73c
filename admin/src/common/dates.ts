const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A day in the reader's language; empty for none. */
export const dateInWords = (text: string | null | undefined): string => (text ? date.format(new Date(text)) : '');
/** A calendar day such as 2026-11-17, which is the same day wherever it is read. */
export const dayInWords = (day: string): string => date.format(new Date(`${day}T00:00`));
/** A day with its time. */
export const momentInWords = (text: string | null | undefined): string => (text ? moment.format(new Date(text)) : '');
