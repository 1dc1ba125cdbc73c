/** A text that every engine can store: without NUL and without halves of surrogate pairs. */
export function wellFormed(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** For JSON.stringify: every string in it made well-formed. */
export function wellFormedValues(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value;
}
