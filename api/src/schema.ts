import { builder } from './builder.ts';
import './scalars.graphql.ts';
import './money.ts';
import './identity/users.graphql.ts';
import './identity/emails.graphql.ts';
import './identity/passwords.graphql.ts';
import './identity/sessions.graphql.ts';
import './communities/communities.graphql.ts';
import './communities/charters.graphql.ts';
import './communities/members.graphql.ts';
import './communities/standing.graphql.ts';
import './communities/admission.graphql.ts';
import './communities/invitations.graphql.ts';
import './communities/categories.graphql.ts';
import './communities/erasure.graphql.ts';
import './communities/audit.graphql.ts';
import './notifications/notifications.graphql.ts';
import './notifications/mailPreferences.graphql.ts';
import './notifications/mailNotification.ts';
import './notifications/mailIdentity.ts';
import './operations/dashboard.graphql.ts';

/** The whole schema. Every domain's *.graphql.ts is imported here, and nowhere else. */
export const schema = builder.toSchema();
