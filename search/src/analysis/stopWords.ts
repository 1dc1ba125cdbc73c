import { languageOf } from './stem.ts';

// Small on purpose: a word that carries meaning anywhere ("can", "home", "work") must stay findable. Folded.
const WORDS: Record<string, string> = {
  en: 'a an and are as at be by for from i in is it my of on or our some that the this to was we with you your',
  de: 'als am an auch auf aus bei das dem den der des die ein eine einem einen einer es fur ich im in ist mein meine mit nach oder sich sie und von vom wir zu zum zur',
  fr: 'a au aux avec ce ces d dans de des du en est et il je l la le les ma mes mon nous ou par pour que qui sa ses son sur un une vos votre',
  es: 'a al como con de del el en es la las le lo los mi mis o para por que se su sus un una y yo',
  it: 'a ai al alla con da dei del della di e ed gli i il in la le lo mi mia mio nel non o per su un una uno',
  pt: 'a ao as com da das de do dos e em eu meu minha na nas no nos o ou os para por que se um uma',
  nl: 'aan als bij dat de een en het ik in is met mijn naar of om op te van voor wij',
  ru: 'а без в во для до же за и из или к как ко мне мой моя мы на не о об от по под при с со то у что это я',
  uk: 'а або без в для до за з і й із на не о по при та у що це я',
};
const SETS = new Map(Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(' '))]));

/** Whether a folded word says nothing in this language. */
export function isStopWord(word: string, language: string): boolean {
  return SETS.get(languageOf(language))?.has(word) ?? false;
}
