import { builder } from './builder.ts';
import './scalars.graphql.ts';
import './money.ts';
import './identity/identity.graphql.ts';
import './notifications/notifications.graphql.ts';
import './operations/dashboard.graphql.ts';

/** The whole schema. Every domain's *.graphql.ts is imported here, and nowhere else. */
export const schema = builder.toSchema();
