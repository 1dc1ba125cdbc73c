import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

/** The limit of a fan-out: bare `ws` that sends the same bytes to everybody, in a process of its own. */
export async function startBroadcaster() {
  const child = fork(fileURLToPath(import.meta.url), ['broadcaster'], { execArgv: ['--import', 'tsx'] });
  const url = await new Promise<string>((resolve) => child.once('message', ({ url }: { url: string }) => resolve(url)));
  return {
    url,
    /** Sends the text so many times to all. */
    send: (text: string, times: number) => child.send({ text, times }),
    stop: () => child.kill(),
  };
}

if (process.argv[2] === 'broadcaster' && process.send) {
  process.on('disconnect', () => process.exit());
  const server = createServer();
  const wss = new WebSocketServer({ server, path: '/graphql', handleProtocols: () => 'graphql-transport-ws' });
  process.on('message', async ({ text, times }: { text: string; times: number }) => {
    const bytes = Buffer.from(text);
    for (let time = 0; time < times; time++) {
      for (const client of wss.clients) client.send(bytes, { binary: false });
      // As events come: one after another, with the sockets served in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  server.listen(0, '127.0.0.1', () =>
    process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
}
