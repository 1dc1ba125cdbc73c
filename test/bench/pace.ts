import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reader } from './http.ts';

/**
 * Sends requests at an even pace, whether or not those before were answered, as members do; answers how long each took, in milliseconds,
 * counted from when it should have been sent: a server that stands still is not asked less often.
 */
export async function paceHttp({
  url,
  requests,
  perSecond,
  milliseconds,
}: {
  url: string;
  requests: string[];
  perSecond: number;
  milliseconds: number;
}): Promise<number[]> {
  const { hostname, port } = new URL(url);
  const bytes = requests.map((text) => Buffer.from(text));
  let idle: { socket: net.Socket; read: () => Promise<string> }[] = [];
  const open = async () => {
    const socket = net.connect(Number(port), hostname);
    socket.setNoDelay(true);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const connection = { socket, read: reader(socket) };
    // A server closes what it has not heard of for a while.
    socket.on('close', () => (idle = idle.filter((other) => other !== connection)));
    return connection;
  };
  const took: number[] = [];
  const began = performance.now();
  const ask = async (number: number, due: number) => {
    const connection = idle.pop() ?? (await open());
    connection.socket.write(bytes[number % bytes.length]!);
    const body = await connection.read();
    if (body.includes('"errors"')) throw new Error(body);
    took.push(performance.now() - due);
    idle.push(connection);
  };
  const asked: Promise<void>[] = [];
  for (let number = 0; (number * 1000) / perSecond < milliseconds; number++) {
    const due = began + (number * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    asked.push(ask(number, due));
  }
  await Promise.all(asked);
  for (const { socket } of idle) socket.destroy();
  return took;
}
