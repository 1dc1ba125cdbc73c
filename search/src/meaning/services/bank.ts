import { readdirSync, readFileSync } from 'node:fs';

/** A thing that people do for each other: how it is asked for and how it is offered, in whatever language. */
export interface Service {
  name: string;
  wants: string[];
  offers: string[];
}

/**
 * Reads all texts in a folder: its .txt files name the services and say them in English; folders in it, one a language, hold more
 * wordings of services so named, in the same form. Throws at a line of another form, and where a name is new or comes twice.
 */
export function readBank(folder: string): Service[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const services = textFiles(folder).flatMap((file) => parseServices(readFileSync(file, 'utf8')));
  for (const language of entries.filter((entry) => entry.isDirectory()))
    for (const file of textFiles(`${folder}/${language.name}`)) addWordings(services, readFileSync(file, 'utf8'));
  return services;
}

const textFiles = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => `${folder}/${name}`);

/** Reads lines "name | requests | problems | offers", texts apart by a semicolon; the name is an offer, too. Throws at a line of another form. */
export function parseServices(lines: string): Service[] {
  return wordingsOf(lines).map(({ name, wants, offers }) => {
    if (!wants.length || !offers.length) throw new Error(`A service is asked for and offered, and "${name}" is not.`);
    return { name, wants, offers: [...offers, name] };
  });
}

/** Adds lines of that form to services that are there. Throws where one is not. */
export function addWordings(services: readonly Service[], lines: string): void {
  const known = new Map(services.map((service) => [service.name, service]));
  for (const { name, wants, offers } of wordingsOf(lines)) {
    const service = known.get(name);
    if (!service) throw new Error(`No file names a service "${name}"; its other wordings belong to none.`);
    service.wants.push(...wants);
    service.offers.push(...offers);
  }
}

function wordingsOf(lines: string): Service[] {
  return lines
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [name, requests, problems, offers, ...rest] = line.split('|').map((part) => part.trim());
      if (!name || requests === undefined || problems === undefined || offers === undefined || rest.length)
        throw new Error(`A service is "name | requests | problems | offers", and this is not: ${line}`);
      return { name, wants: [...textsOf(requests), ...textsOf(problems)], offers: textsOf(offers) };
    });
}

const textsOf = (part: string) =>
  part
    .split(';')
    .map((text) => text.trim())
    .filter(Boolean);
