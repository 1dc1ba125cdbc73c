import { builder } from './builder.ts';
import './scalars.graphql.ts';
import './money.ts';
import './identity/users.graphql.ts';
import './identity/emails.graphql.ts';
import './identity/passwords.graphql.ts';
import './identity/sessions.graphql.ts';
import './notifications/notifications.graphql.ts';
import './notifications/mailPreferences.graphql.ts';
import './notifications/mailNotification.ts';
import './notifications/mailIdentity.ts';
import './operations/dashboard.graphql.ts';

/** The whole schema. Every domain's *.graphql.ts is imported here, and nowhere else. */
export const schema = builder.toSchema();
