import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { changes } from '../test/contract/changes.ts';
import { filters } from '../test/contract/filters.ts';
import { hostile } from '../test/contract/hostile.ts';
import { order } from '../test/contract/order.ts';
import { Subject } from '../test/contract/subject.ts';
import { words } from '../test/contract/words.ts';
import { openDatabase } from '../test/database.ts';
import { engines } from '../test/engines.ts';

/** One suite for every engine. An engine that is not there is skipped under the name of what is missing. */
for (const { title, missing, open } of engines)
  describe.skipIf(missing)(missing ? `${title}: ${missing}` : title, { timeout: 120_000 }, () => {
    const subject = new Subject();
    let close: () => Promise<void>;

    beforeAll(async () => {
      subject.database = await openDatabase();
      ({ engine: subject.engine, close } = await open(subject.database));
    });
    afterAll(async () => {
      await close?.();
      await subject.database?.close();
    });
    beforeEach(async () => {
      subject.communityId = await subject.database.community();
    });

    words(subject);
    filters(subject);
    order(subject);
    changes(subject);
    hostile(subject);
  });
