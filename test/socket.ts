import { WebSocket } from 'ws';
import type { As } from './kit.ts';

/** A message of graphql-transport-ws. */
export interface Message {
  type: string;
  id?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they asked for
  payload?: any;
}

/** A bare socket, for what a client library hides: ids, close codes, what exactly arrives. */
export async function openSocket(url: string, as: As = {}) {
  const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-transport-ws');
  const received: Message[] = [];
  const readers: (() => void)[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  failed.catch(() => {});
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)) as Message);
    readers.shift()?.();
  });
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), failed]);
  const send = (message: object) => socket.send(JSON.stringify(message));

  /** The next message that is not a ping; fails when the socket closes first. */
  async function next(): Promise<Message> {
    while (!received.length) {
      const more = new Promise<void>((resolve) => readers.push(resolve));
      const end = await Promise.race([more, closed]);
      if (end && !received.length) throw new Error(`closed: ${end.code} ${end.reason}`);
    }
    return received.shift()!;
  }
  send({
    type: 'connection_init',
    payload: {
      ...(as.token && { authorization: `Bearer ${as.token}` }),
      ...(as.community && { community: as.community }),
    },
  });
  return {
    socket,
    closed,
    send,
    /** What has come and was not read by `next`. */
    received,
    next,
    subscribe: (id: string, query: string, variables: Record<string, unknown> = {}) =>
      send({ id, type: 'subscribe', payload: { query, variables } }),
    complete: (id: string) => send({ id, type: 'complete' }),
    /** Resolves when the server has read everything that was sent before. */
    async settled() {
      send({ type: 'ping' });
      for (;;) {
        const at = received.findIndex(({ type }) => type === 'pong');
        if (at >= 0) return void received.splice(at, 1);
        await new Promise<void>((resolve) => readers.push(resolve));
      }
    },
    close: () => socket.terminate(),
  };
}
