import { expect, test } from 'vitest';
import { ConfigurationError, embedderOf, readConfig } from './config.ts';

test('texts are understood by the model that comes along, by a server, or not at all', () => {
  expect(embedderOf(readConfig({}))).toEqual({ kind: 'embedded' });
  expect(embedderOf(readConfig({ EMBEDDER: 'none' }))).toEqual({ kind: 'none' });
  const server = { EMBEDDING_URL: 'http://127.0.0.1:11434/v1', EMBEDDING_MODEL: 'small', EMBEDDING_KEY: 'secret' };
  expect(embedderOf(readConfig({ EMBEDDER: 'openai', ...server }))).toEqual({
    kind: 'openai',
    url: 'http://127.0.0.1:11434/v1',
    model: 'small',
    key: 'secret',
  });
});

test('a server that is meant has to be named', () => {
  expect(() => readConfig({ EMBEDDER: 'openai', EMBEDDING_MODEL: 'small' })).toThrow(ConfigurationError);
  expect(() => readConfig({ EMBEDDER: 'openai' })).toThrow('needs EMBEDDING_URL');
  expect(() => readConfig({ EMBEDDER: 'clever' })).toThrow('EMBEDDER takes embedded, openai or none');
});
