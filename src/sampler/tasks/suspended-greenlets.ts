import type { KnownGreenlets } from '../../cpython/greenlets/known-greenlets.js';
import type { Steps } from '../../memory/steps.js';
import type { Losses } from '../../model/profile.js';
import type { GreenletRows } from './greenlet-rows.js';
import type { RunningGreenlets } from './running-greenlets.js';
import type { OtherLook, OtherTasks } from './suspended-tasks.js';

export interface SuspendedGreenletsParts {
  readonly known: KnownGreenlets;
  readonly rows: GreenletRows;
  readonly running: RunningGreenlets;
  readonly losses: Pick<Losses, 'unreadTasks'>;
  /** What the greenlets of the process are within. */
  readonly labels: () => number;
  /** Microseconds. */
  readonly clock: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

/** The greenlets that wait, on no thread's stack: those of gevent and eventlet. */
export class SuspendedGreenlets implements OtherTasks {
  readonly #parts: SuspendedGreenletsParts;

  constructor(parts: SuspendedGreenletsParts) {
    this.#parts = parts;
  }

  *look(): Steps<OtherLook> {
    const { known, rows, running, losses, labels, clock, cpu } = this.#parts;
    let at = clock();
    const onCopied = () => {
      at = clock();
    };
    const look = yield* known.look({ name: rows.name, onCopied, clock, cpu });
    if (!look) return { rows: [], at: undefined };
    losses.unreadTasks += look.unread;
    running.see(look.suspended.map((greenlet) => ({ greenlet, named: rows.of(greenlet)! })));
    return { rows: rows.at(look.suspended, labels()), at: look.areThere ? at : undefined };
  }
}
