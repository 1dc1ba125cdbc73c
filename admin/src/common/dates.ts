const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A day in the reader's language; empty for none. */
export const dateInWords = (text: string | null | undefined): string => (text ? date.format(new Date(text)) : '');
/** A day with its time. */
export const momentInWords = (text: string | null | undefined): string => (text ? moment.format(new Date(text)) : '');
