import { z } from 'zod';

/** An id made by the client, so that a request can be sent again without harm. */
export const clientId = z
  .string()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'Make a UUID in lower case, such as crypto.randomUUID() gives, and send the same one when you repeat the request.',
  );
export const CLIENT_ID = 'A UUID made by the client: the same id is done once, however often it is sent.';
