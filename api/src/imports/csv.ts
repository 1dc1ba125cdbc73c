import { CsvError, parse } from 'csv-parse';
import { pipeline, Readable } from 'node:stream';

/** The file as a whole cannot be read; the message says where and what to do. Nothing of it is taken. */
export class UnreadableFile extends Error {}

/** One record of the file; `line` is the last line of the file it stands on. */
export interface CsvLine {
  line: number;
  cells: string[];
}

const FIRST_LINE_MOST = 100_000;
const RECORD_MOST = 1_000_000;
const DELIMITERS = [',', ';', '\t'];

/** Reads CSV as a stream, in bounded memory: the delimiter is found in the first line, blank lines are left out. Throws an UnreadableFile. */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  const text = utf8(bytes);
  const { first, delimiter } = await firstLine(text);
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: RECORD_MOST,
  });
  // An error of the source destroys the parser with it, and the loop below throws it.
  pipeline(Readable.from(joined(first, text)), parser, () => {});
  // The parser takes a line end of Windows inside a quoted text for two lines.
  let countedTwice = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      for (const cell of record) if (cell.includes('\r\n')) countedTwice += cell.split('\r\n').length - 1;
      yield { line: info.lines - countedTwice, cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? new UnreadableFile(sentence(error)) : error;
  }
}

async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for await (const chunk of bytes) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      throw notUtf8(line + newlines(new TextDecoder().decode(chunk).split('\uFFFD')[0]!));
    }
    line += newlines(text);
    if (text) yield text;
  }
  try {
    decoder.decode();
  } catch {
    throw notUtf8(line);
  }
}

/** Enough of the text to hold the first line, and the delimiter that stands in it most often, outside quotes. */
async function firstLine(text: AsyncGenerator<string>): Promise<{ first: string; delimiter: string }> {
  let first = '';
  while (!/[\r\n]/.test(first) && first.length < FIRST_LINE_MOST) {
    const { value, done } = await text.next();
    if (done) break;
    first += value;
  }
  if (!first.trim()) throw new UnreadableFile('The file is empty: its first line has to name the columns.');
  const header = first
    .trimStart()
    .split(/[\r\n]/)[0]!
    .replace(/"[^"]*"/g, '');
  const [delimiter] = DELIMITERS.map((candidate) => ({ candidate, times: header.split(candidate).length }))
    .sort((a, b) => b.times - a.times)
    .map(({ candidate }) => candidate);
  return { first, delimiter: delimiter! };
}

async function* joined(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

const newlines = (text: string) => text.split('\n').length - 1;

const notUtf8 = (line: number) =>
  new UnreadableFile(
    `Line ${line} is not UTF-8. Save the file as "CSV UTF-8" in your spreadsheet program and send it again.`,
  );

function sentence({ code, lines, message }: CsvError & { lines?: number }): string {
  const where = lines ? `Line ${lines}: ` : '';
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `${where}a quoted text begins here or above and is never closed.`;
  if (code === 'CSV_INVALID_CLOSING_QUOTE' || code === 'INVALID_OPENING_QUOTE')
    return `${where}a quote stands inside a text: put the whole text in quotes and write each quote in it twice.`;
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `${where}a line is longer than ${RECORD_MOST} characters; is a quote not closed?`;
  return `${where}${message}`;
}
