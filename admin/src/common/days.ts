/** Days of a filter are the reader's; the last one is meant with all its hours. */
export const dayBegins = (day: string) => new Date(`${day}T00:00`).toISOString();
export const dayEnds = (day: string) => new Date(new Date(`${day}T00:00`).setHours(24)).toISOString();
