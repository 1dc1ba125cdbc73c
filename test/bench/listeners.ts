import { randomBytes } from 'node:crypto';
import net from 'node:net';

interface Open {
  url: string;
  /** One for each socket; all the same where one will do. */
  inits: string[];
  /** What each socket subscribes to; none for a server that broadcasts to whoever comes. */
  subscribe?: string;
  count: number;
}

/** Many WebSockets that count what arrives and do nothing else. Bare sockets: the generator shares the machine with what it measures. */
export class Listeners {
  private sockets: net.Socket[] = [];
  private messages = 0;
  private bytes = 0;
  private first = 0;
  private last = 0;
  private texts: { at: number; text: string }[] = [];
  private goal: { messages: number; resolve: () => void } | undefined;

  /** Opens them, and answers when each has said what it had to say. */
  async open({ url, inits, subscribe, count }: Open): Promise<void> {
    for (let from = 0; from < count; from += 100)
      await Promise.all(
        Array.from({ length: Math.min(100, count - from) }, (_, number) =>
          this.connect(url, inits[(from + number) % inits.length], subscribe?.replace('$ID', `${from + number}`)),
        ),
      );
  }

  /** Waits for so many messages from now on; answers how long it took from the first to the last, and what came to the first sockets when few are awaited. */
  async await({ messages, withinMs = 60_000 }: { messages: number; withinMs?: number }) {
    [this.messages, this.bytes, this.first, this.texts] = [0, 0, 0, []];
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.goal = { messages, resolve };
      timer = setTimeout(() => reject(new Error(`${this.messages} of ${messages} messages came`)), withinMs);
    }).finally(() => clearTimeout(timer));
    this.goal = undefined;
    return { milliseconds: this.last - this.first, bytes: this.bytes, texts: this.texts };
  }

  close() {
    for (const socket of this.sockets) socket.destroy();
    this.sockets = [];
  }

  private async connect(url: string, init: string | undefined, subscribe: string | undefined) {
    const { hostname, port } = new URL(url);
    const socket = net.connect(Number(port), hostname);
    this.sockets.push(socket);
    socket.write(
      `GET /graphql HTTP/1.1\r\nhost: kith\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    await new Promise<void>((resolve, reject) => {
      let pending = Buffer.alloc(0);
      let state: 'upgrading' | 'greeting' | 'open' = 'upgrading';
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('a socket was closed')));
      socket.on('data', (data) => {
        pending = pending.length ? Buffer.concat([pending, data]) : data;
        if (state === 'upgrading') {
          const end = pending.indexOf('\r\n\r\n');
          if (end < 0) return;
          if (!pending.toString('latin1', 0, 12).endsWith('101'))
            return reject(new Error(pending.toString('latin1', 0, end)));
          pending = pending.subarray(end + 4);
          state = init ? 'greeting' : 'open';
          if (init) socket.write(clientFrame(init));
          else resolve();
        }
        for (let frame = nextFrame(pending); frame; frame = nextFrame(pending)) {
          pending = pending.subarray(frame.size);
          if (frame.opcode === 9) socket.write(clientFrame('', 10));
          if (frame.opcode !== 1) continue;
          if (state === 'greeting') {
            state = 'open';
            if (subscribe) socket.write(clientFrame(subscribe));
            resolve();
          } else this.count(frame);
        }
      });
    });
  }

  private count({ size, text }: { size: number; text: () => string }) {
    this.last = performance.timeOrigin + performance.now();
    this.first ||= this.last;
    this.messages++;
    this.bytes += size;
    if (this.goal && this.goal.messages <= 10) this.texts.push({ at: this.last, text: text() });
    if (this.goal && this.messages === this.goal.messages) this.goal.resolve();
  }
}

function nextFrame(data: Buffer): { opcode: number; size: number; text: () => string } | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < head) return undefined;
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  if (data.length < head + length) return undefined;
  return { opcode: data[0]! & 0x0f, size: head + length, text: () => data.toString('utf8', head, head + length) };
}

/** Masked with zeros: a client has to mask, nobody says with what. */
function clientFrame(text: string, opcode = 1): Buffer {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
  head[0] = 0x80 | opcode;
  if (body.length < 126) head[1] = 0x80 | body.length;
  else {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(body.length, 2);
  }
  return Buffer.concat([head, body]);
}
