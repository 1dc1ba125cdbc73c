import http from 'node:http';
import { type AddressInfo } from 'node:net';

export type Gate = Awaited<ReturnType<typeof openGate>>;

/** A door in front of a server that a test can close (connections break), clog (nothing is answered) and open again. */
export async function openGate(behind: string) {
  let mode: 'open' | 'closed' | 'clogged' = 'open';
  const server = http.createServer((request, response) => {
    if (mode === 'closed') return void request.socket.destroy();
    if (mode === 'clogged') return;
    const { method, headers, url = '' } = request;
    const onward = http.request(new URL(url, behind), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next: typeof mode) {
      mode = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
