import { ErrorInterface, builder } from '../builder.ts';
import { ActingNotAllowed } from './brokers.ts';

builder.objectType(ActingNotAllowed, {
  name: 'ActingNotAllowed',
  interfaces: [ErrorInterface],
  description: 'The member does not want brokers to act for them: `brokersMayAct` of their profile.',
});
