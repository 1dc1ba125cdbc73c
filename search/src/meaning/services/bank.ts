/** A thing that people do for each other: how it is asked for and how it is offered. */
export interface Service {
  name: string;
  wants: string[];
  offers: string[];
}

/** Reads lines "name | requests | problems | offers", texts apart by a semicolon. Throws at a line of another form. */
export function parseServices(lines: string): Service[] {
  return linesOf(lines).map((line) => {
    const [name, requests, problems, offers, ...rest] = line.split('|').map((part) => part.trim());
    if (!name || !requests || !problems || !offers || rest.length)
      throw new Error(`A service is "name | requests | problems | offers", and this is not: ${line}`);
    return { name, wants: [...textsOf(requests), ...textsOf(problems)], offers: [...textsOf(offers), name] };
  });
}

/** Adds lines "name ⇥ want | offer ⇥ want | offer …", one pair a language. Throws where a service is not known. */
export function addLanguages(services: readonly Service[], lines: string): void {
  const known = new Map(services.map((service) => [service.name, service]));
  for (const line of linesOf(lines)) {
    const [name, ...pairs] = line.split('\t');
    const service = known.get(name!);
    if (!service) throw new Error(`No file names a service "${name}"; its other languages belong to none.`);
    for (const pair of pairs) {
      const [want, offer] = pair.split('|').map((part) => part.trim());
      if (!want || !offer) throw new Error(`"${pair}" of "${name}" is not a want and an offer.`);
      service.wants.push(want);
      service.offers.push(offer);
    }
  }
}

const linesOf = (lines: string) => lines.split('\n').filter((line) => line.trim());
const textsOf = (part: string) => part.split(';').map((text) => text.trim());
