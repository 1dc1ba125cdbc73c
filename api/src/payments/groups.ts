interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const AT_ONCE = 2;
export const GROUP_MOST = 50;

/**
 * Gathers what waits into one call. No timer: a group is whatever came while the last call ran, at most 50, and two calls of a
 * community run at a time. Each item gets its own result; where a call as a whole fails, its items are tried one by one.
 */
export class Groups<Item, Result> {
  private readonly waiting = new Map<string, { items: Waiting<Item, Result>[]; running: number }>();
  private readonly work: (communityId: string, items: Item[]) => Promise<Result[]>;

  constructor(work: (communityId: string, items: Item[]) => Promise<Result[]>) {
    this.work = work;
  }

  add(communityId: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      let queue = this.waiting.get(communityId);
      if (!queue) this.waiting.set(communityId, (queue = { items: [], running: 0 }));
      queue.items.push({ item, resolve, reject });
      if (queue.running < AT_ONCE) void this.run(communityId, queue);
    });
  }

  private async run(communityId: string, queue: { items: Waiting<Item, Result>[]; running: number }) {
    queue.running++;
    while (queue.items.length) await this.settle(communityId, queue.items.splice(0, GROUP_MOST));
    queue.running--;
    if (!queue.running) this.waiting.delete(communityId);
  }

  private async settle(communityId: string, group: Waiting<Item, Result>[]) {
    try {
      const results = await this.work(
        communityId,
        group.map(({ item }) => item),
      );
      for (const [at, { resolve }] of group.entries()) resolve(results[at]!);
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error);
      else for (const one of group) await this.settle(communityId, [one]);
    }
  }
}
