interface Titled {
  title: string;
  locale: string;
}
type Side = 'WANTER' | 'PROVIDER';

const titles: Record<string, Record<Side, (title: string) => string>> = {
  en: {
    WANTER: (title) => `Somebody offers what you want: ${title}`,
    PROVIDER: (title) => `Somebody wants what you offer: ${title}`,
  },
  ru: {
    WANTER: (title) => `Есть то, что вам нужно: ${title}`,
    PROVIDER: (title) => `Нужно то, что вы предлагаете: ${title}`,
  },
  de: {
    WANTER: (title) => `Jemand bietet, was Sie suchen: ${title}`,
    PROVIDER: (title) => `Jemand sucht, was Sie anbieten: ${title}`,
  },
  es: {
    WANTER: (title) => `Alguien ofrece lo que busca: ${title}`,
    PROVIDER: (title) => `Alguien busca lo que ofrece: ${title}`,
  },
  fr: {
    WANTER: (title) => `Quelqu’un propose ce que vous cherchez : ${title}`,
    PROVIDER: (title) => `Quelqu’un cherche ce que vous proposez : ${title}`,
  },
};

/** What the inbox of one side says of a new suggestion, in that member's language. */
export function told(side: Side, own: Titled, other: Titled): { title: string; body: string } {
  const words = titles[own.locale.split('-')[0]!] ?? titles.en!;
  return { title: words[side](other.title), body: own.title };
}
