const TOLD_EVERY_MS = 100;
const MEMORY_EVERY_MS = 50;

/** Shows how far a program is: one line that is written over on a terminal, one line for each phase elsewhere. */
export class ProgressLine {
  private readonly stream: NodeJS.WriteStream;
  private readonly began = performance.now();
  private phase = '';
  private told = 0;
  private peak = process.memoryUsage.rss();

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
    setInterval(() => this.look(), MEMORY_EVERY_MS).unref();
  }

  /** `state` is how far the phase is; told at once when it is its last. */
  tell(phase: string, state: string, isLast = false) {
    const isNew = phase !== this.phase;
    const now = performance.now();
    if (!isNew && (!this.stream.isTTY || (now - this.told < TOLD_EVERY_MS && !isLast))) return;
    if (isNew && this.phase && this.stream.isTTY) this.stream.write('\n');
    this.phase = phase;
    this.told = now;
    this.stream.write(this.stream.isTTY ? `\r\x1b[2K${phase}: ${state}` : `${phase} …\n`);
  }

  /** Leaves the line as it is. */
  end() {
    if (this.phase && this.stream.isTTY) this.stream.write('\n');
    this.phase = '';
  }

  /** How long it took so far, how fast that is, and the most memory this process had. */
  summary(lines: number): string {
    this.look();
    const seconds = (performance.now() - this.began) / 1000;
    return `${count(lines)} lines in ${seconds.toFixed(1)} s (${count(Math.round(lines / seconds))} a second), at most ${Math.round(this.peak / 1048576)} MB of memory`;
  }

  private look() {
    this.peak = Math.max(this.peak, process.memoryUsage.rss());
  }
}

export const count = (number: number) => number.toLocaleString('en');
