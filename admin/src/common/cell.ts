export type Cell = string | number | boolean | null | undefined | string[];

/** RFC 4180; a text that a spreadsheet would run as a formula is made a text again. */
export function cellText(cell: Cell): string {
  const given = Array.isArray(cell) ? cell.join('; ') : String(cell ?? '');
  const text = typeof cell !== 'number' && /^[=+\-@\t\r]/.test(given) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
