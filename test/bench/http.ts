import net from 'node:net';

/** Sends prepared requests over kept connections for a time, each connection one after another; answers how many were answered in a second. */
export async function loadHttp({
  url,
  requests,
  connections,
  milliseconds,
}: {
  url: string;
  requests: string[];
  connections: number;
  milliseconds: number;
}): Promise<number> {
  const { hostname, port } = new URL(url);
  const bytes = requests.map((text) => Buffer.from(text));
  const until = performance.now() + milliseconds;
  const began = performance.now();
  let answered = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      const socket = net.connect(Number(port), hostname);
      socket.setNoDelay(true);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      const read = reader(socket);
      for (let turn = number; performance.now() < until; turn += connections) {
        socket.write(bytes[turn % bytes.length]!);
        const body = await read();
        if (body.includes('"errors"')) throw new Error(body);
        answered++;
      }
      socket.destroy();
    }),
  );
  return answered / ((performance.now() - began) / 1000);
}

/** A request of GraphQL as a client sends it. */
export function graphqlRequest(query: string, as: { token: string; community: string }, variables = {}): string {
  const body = JSON.stringify({ query, variables });
  return [
    'POST /graphql HTTP/1.1',
    'host: kith',
    'content-type: application/json',
    `authorization: Bearer ${as.token}`,
    `x-kith-community: ${as.community}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** As little parsing as tells where an answer ends: the generator shares the machine with what it measures. */
export function reader(socket: net.Socket): () => Promise<string> {
  let [pending, wanted] = [Buffer.alloc(0), undefined as ((body: string) => void) | undefined];
  let fail: (error: Error) => void = () => {};
  const take = () => {
    const end = pending.indexOf('\r\n\r\n');
    if (end < 0 || !wanted) return;
    const head = pending.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) return fail(new Error(`no length: ${head}`));
    if (pending.length < end + 4 + length) return;
    const body = pending.toString('utf8', end + 4, end + 4 + length);
    pending = pending.subarray(end + 4 + length);
    const resolve = wanted;
    wanted = undefined;
    resolve(body);
  };
  socket.on('data', (data) => {
    pending = pending.length ? Buffer.concat([pending, data]) : data;
    take();
  });
  socket.on('error', (error) => fail(error));
  socket.on('close', () => fail(new Error('the server closed the connection')));
  return () =>
    new Promise((resolve, reject) => {
      [wanted, fail] = [resolve, reject];
      take();
    });
}
