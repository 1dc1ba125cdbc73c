import { z } from 'zod';
import { builder } from '../builder.ts';
import { CHANNELS, memberPreferences, setPreferences, type Preference } from './mailPreferences.ts';

const KINDS_MOST = 50;

const ChannelType = builder.enumType('NotificationChannel', {
  description: 'A way to be told beside the inbox.',
  values: CHANNELS,
});
const PreferenceType = builder.objectRef<Preference>('NotificationPreference').implement({
  description: 'How a member is told of one kind of thing.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'What happened, such as listing.expiring.' }),
    channels: t.expose('channels', {
      type: [ChannelType],
      description: 'Beside the inbox; none when it is enough there.',
    }),
  }),
});

builder.queryField('notificationPreferences', (t) =>
  t.withAuth({ member: true }).field({
    type: [PreferenceType],
    description: `How the viewer is told in this community; at most ${KINDS_MOST} kinds of their own choice beside the standard.`,
    resolve: (_root, _args, { member }) => memberPreferences(member),
  }),
);

const PreferenceInput = builder.inputType('NotificationPreferenceInput', {
  description: 'How to be told of one kind of thing.',
  fields: (t) => ({
    kind: t.string({
      required: true,
      description: 'Such as listing.expiring.',
      validate: z
        .string()
        .max(50)
        .regex(/^[a-z]+([._][a-z]+)*$/, 'takes the kind of a notification, such as listing.expiring'),
    }),
    channels: t.field({
      type: [ChannelType],
      required: true,
      description: 'Beside the inbox; an empty list for none.',
      validate: z.array(z.string()).max(CHANNELS.length),
    }),
  }),
});
const SetNotificationPreferencesInput = builder.inputType('SetNotificationPreferencesInput', {
  description: 'The whole of the choices.',
  fields: (t) => ({
    preferences: t.field({
      type: [PreferenceInput],
      required: true,
      description: `At most ${KINDS_MOST}; a kind that is not named goes back to the standard.`,
      validate: z.array(z.unknown()).max(KINDS_MOST),
    }),
  }),
});

builder.mutationField('setNotificationPreferences', (t) =>
  t.withAuth({ member: true }).field({
    type: [PreferenceType],
    description: 'Replaces what the viewer has chosen in this community, and answers what holds now.',
    args: { input: t.arg({ type: SetNotificationPreferencesInput, required: true, description: 'The choices.' }) },
    resolve: (_root, { input }, { member }) => setPreferences(member, input.preferences),
  }),
);
