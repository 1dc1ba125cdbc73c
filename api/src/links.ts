let base = 'http://localhost:4000';

/** Where people reach this installation, without a slash at the end; set once at start. */
export function setPublicUrl(url: string) {
  base = url.replace(/\/+$/, '');
}

/** A page of the console or frontend as a mail names it: `link('invitation', { token })` is …/#/invitation?token=… */
export const link = (page: string, parameters: Record<string, string> = {}): string => {
  const query = new URLSearchParams(parameters).toString();
  return `${base}/#/${page}${query && `?${query}`}`;
};
