/** Languages whose scores lie so near each other are not told apart. */
const ALIKE = 0.1;
/**
 * How much nearer another language must be than a likely one. Of 2,100 real English titles (25 characters at the median) 0.1 would call
 * one in 40 another language, and these one in 120.
 */
const marginOf = (text: string) => (text.length < 25 ? 0.3 : text.length < 60 ? 0.2 : ALIKE);

type Detector = { detect(text: string): { isReliable(): boolean; getScores(): Record<string, number> } };
let detector: Promise<Detector> | undefined;

/**
 * The language of a text (primary tag of BCP 47); undefined where it cannot be told, as of most single words. Of languages that come
 * near the best the first of `likely` is taken, then one the embedder knows: a short text hardly tells Russian from Bulgarian.
 */
export async function detectLanguage(
  text: string,
  { likely, known }: { likely: readonly string[]; known: readonly string[] | undefined },
): Promise<string | undefined> {
  // Loaded at the first text: it takes 0.2 s and 90 MB.
  detector ??= import('eld/extrasmall').then(({ eld }) => eld as Detector);
  const found = (await detector).detect(text);
  const scores = Object.entries(found.getScores()).sort(([, a], [, b]) => b - a);
  const best = scores[0]?.[1] ?? 0;
  if (!best || !found.isReliable()) return undefined;
  const near = (margin: number) => scores.filter(([, score]) => score >= best - margin).map(([language]) => language);
  const names = near(ALIKE);
  const expected = near(marginOf(text));
  return (
    likely.find((language) => expected.includes(language)) ??
    names.find((language) => known?.includes(language)) ??
    names[0]
  );
}
