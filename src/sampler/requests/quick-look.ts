import type { ListedTasks } from '../../cpython/asyncio/listed-tasks.js';
import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import type { RequestFinder } from './request-finder.js';
import type { RequestInHand } from './request-in-hand.js';
import type { SuspendedRow } from './suspended-rows.js';

/** Of more tasks some have gone on each time that they are asked for. */
const mostTasks = 16;
/** A program that makes coroutines as it runs has ever more of them. */
const mostCodes = 1000;

export interface QuickLookParts {
  readonly reader: Pick<TaskReader, 'unchanged'>;
  readonly requests: { readonly contents: Pick<RequestFinder['contents'], 'isStill'> };
}

/** What a look found. */
interface Found {
  /** As `TaskReader.listed` had it before. */
  readonly listed: Pick<ListedTasks, 'isSame'> | undefined;
  readonly tasks: readonly ReadTask[];
  readonly requests: ReadonlyMap<ReadTask, RequestInHand>;
}

/** What is not as it was found. */
export interface News {
  /** The first tick at which it was not, microseconds. */
  readonly at: number;
  /** Whose tasks were not as they were, so that they may be over. */
  readonly moved: ReadonlySet<RequestInHand>;
}

/** A request that is over at a look was over when its task had moved. `found`: the requests that are there. */
export function withoutEnded(
  rows: readonly SuspendedRow[],
  { moved }: News,
  found: ReadonlyMap<ReadTask, RequestInHand>,
): readonly SuspendedRow[] {
  const left = new Set(found.values());
  return rows.filter(({ request }) => !moved.has(request) || left.has(request));
}

/**
 * Whether the next look would find the requests that the last one found. Most of what a loop runs begins and ends no
 * request: of a stream of pieces each is a step of a task beside that of the request. So only tasks like those that had
 * requests are asked whether they are as they were, and the lists whether there are new ones.
 */
export class QuickLook {
  readonly #parts: QuickLookParts;
  /** Of the outermost frames of tasks that had requests. */
  readonly #codes = new Set<number>();
  #found: Found = { listed: undefined, tasks: [], requests: new Map() };
  /** The last tick at which all was as it was found. */
  #sameTick = 0;
  #news: News | undefined;

  constructor(parts: QuickLookParts) {
    this.#parts = parts;
  }

  /** A look found that. */
  looked({ listed, tasks, requests }: Found): void {
    if (this.#codes.size > mostCodes) this.#codes.clear();
    for (const { frames } of requests.keys()) if (frames.length > 0) this.#codes.add(frames.at(-1)!.code);
    this.#found = { listed, tasks: tasks.filter((task) => this.#mayHaveRequest(task)), requests };
  }

  /** A look begins at that tick. Returns what a quick one found at an earlier tick to be another. */
  begin(now: number): News | undefined {
    const news = this.#news;
    this.#news = undefined;
    this.#sameTick = now;
    return news && news.at < now ? news : undefined;
  }

  /** Whether all is as it was found when nothing moved since that time. */
  isSameSince(time: number): boolean {
    return !this.#news && time <= this.#sameTick;
  }

  /** One that runs has no frames, so it may be any. */
  #mayHaveRequest({ frames, state }: ReadTask): boolean {
    return state === 'running' || this.#codes.has(frames.at(-1)?.code ?? 0);
  }

  /** Whether there are so few tasks that to ask is worth it. */
  get isWorthIt(): boolean {
    return this.#found.listed !== undefined && this.#found.tasks.length <= mostTasks;
  }

  /** Whether all is as it was found, at this tick. Once it is not, that is known until the next look. */
  isSame(now: number): boolean {
    if (this.#news) return false;
    const moved = this.#moved();
    if (moved) this.#news = { at: now, moved };
    else this.#sameTick = now;
    return !moved;
  }

  /** The requests whose tasks are not as they were found; `undefined`: nothing is another. */
  #moved(): ReadonlySet<RequestInHand> | undefined {
    const { reader, requests } = this.#parts;
    const { listed, tasks, requests: found } = this.#found;
    const isSameList = listed?.isSame() === true;
    const same = reader.unchanged(tasks);
    const moved = new Set<RequestInHand>();
    for (const [task, request] of found) {
      // The next request of its task may wait where this one did.
      if (!same.has(task) || !requests.contents.isStill(request)) moved.add(request);
    }
    return isSameList && same.size === tasks.length && moved.size === 0 ? undefined : moved;
  }
}
