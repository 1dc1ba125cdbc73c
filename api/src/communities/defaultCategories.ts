import { newId } from '../ids.ts';
import defaults from './defaultCategories.json' with { type: 'json' };

const names = defaults.names as Record<string, string[]>;

/** The tree a community begins with, in its language or else in English. Keys are slugs of the English names in every language. */
export function defaultCategories(communityId: string, locale: string) {
  const spoken = defaults.languages.indexOf(locale.toLowerCase().split('-')[0]!);
  const language = spoken < 0 ? 0 : spoken;
  const rows: {
    communityId: string;
    id: string;
    parentId: string | null;
    key: string;
    name: string;
    position: number;
  }[] = [];
  const add = (key: string, parentId: string | null, position: number) => {
    const id = newId();
    rows.push({ communityId, id, parentId, key, name: names[key]![language]!, position });
    return id;
  };
  Object.entries(defaults.tree).forEach(([key, children], position) => {
    const parentId = add(key, null, position);
    children.forEach((child, place) => add(child, parentId, place));
  });
  return rows;
}
