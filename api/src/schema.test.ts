import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printedSchema, SCHEMA_FILE } from './print-schema.ts';

test('api/schema.graphql says what the API serves', () => {
  const isCurrent = readFileSync(SCHEMA_FILE, 'utf8') === printedSchema();
  expect(isCurrent, 'api/schema.graphql is stale: renew it with "npm run schema -w api" and review the change').toBe(
    true,
  );
});
