import { builder } from '../api/src/builder.ts';
import type { KithEvent } from '../api/src/events.ts';
import { EventStream } from '../api/src/subscriptions.ts';

// Streams that only tests have. To be imported before the schema is built, so before test/kit.ts.

/** How often the resolvers ran, by the text that was said; and what a test makes them wait for, or throw. */
export const executions = new Map<string, number>();
export const gates = new Map<string, Promise<void>>();
export const faults = new Map<string, Error>();

const Said = builder.objectRef<KithEvent>('Said').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    text: t.string({
      args: { shout: t.arg.boolean({ defaultValue: false, required: true }) },
      resolve: async ({ payload }, { shout }) => {
        const text = String(payload.text);
        executions.set(text, (executions.get(text) ?? 0) + 1);
        await gates.get(text);
        const fault = faults.get(text);
        if (fault) throw fault;
        return shout ? text.toUpperCase() : text;
      },
    }),
    secret: t.string({
      nullable: true,
      authScopes: { capability: 'auditRead' },
      resolve: ({ payload }) => `secret of ${String(payload.text)}`,
    }),
    again: t.field({ type: ['Said'] as never, resolve: (event) => [event] as never }),
  }),
});

builder.subscriptionField('saidToAll', (t) =>
  t.withAuth({ member: true }).field({
    type: Said,
    args: { after: t.arg.id() },
    subscribe: (_root, { after }, { communityId }) =>
      new EventStream({ communityId, topics: ['test.said'], after: after ?? null }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
builder.subscriptionField('saidToMe', (t) =>
  t.withAuth({ member: true }).field({
    type: Said,
    args: { after: t.arg.id() },
    subscribe: (_root, { after }, { communityId, member: { memberId } }) =>
      new EventStream({ communityId, topics: ['test.said'], memberId, after: after ?? null }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
