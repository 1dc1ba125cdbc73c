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

const accepts: Record<string, (title: string) => string> = {
  en: (title) => `Somebody wants to go on with your “${title}”`,
  ru: (title) => `Ваше объявление заинтересовало: ${title}`,
  de: (title) => `Jemand möchte auf „${title}“ eingehen`,
  es: (title) => `Alguien quiere seguir adelante con «${title}»`,
  fr: (title) => `Quelqu’un veut donner suite à « ${title} »`,
};

/** What the inbox says when the other side accepted; `title` is the reader's own listing. */
export function accepted(locale: string, title: string): { title: string; body: string } {
  return { title: (accepts[locale.split('-')[0]!] ?? accepts.en!)(title), body: '' };
}
