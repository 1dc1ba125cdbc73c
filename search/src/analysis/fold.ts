/**
 * The form of a word in which people's spellings agree: lower case, without accents, ё as е, ß as ss.
 * Only Latin, Greek and Cyrillic diacritics go: in Hindi, Thai or Japanese a mark is part of the letter, and й is not и.
 */
export function fold(word: string): string {
  if (/^[a-z0-9]*$/.test(word)) return word;
  const bare = word.toLowerCase().normalize('NFKD').replace(DIACRITICS, '').normalize('NFC');
  return bare.replace(LETTERS, (letter) => PLAIN[letter]!);
}

// U+0306 over и is й, a letter of its own.
const DIACRITICS = /(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f]/g;

// Letters that Unicode does not take apart.
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');
