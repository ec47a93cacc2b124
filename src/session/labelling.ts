import { badOption, checkLabels, checkPid } from './options.js';
import type { Session } from './session.js';

/**
 * What a label is about, by ids as the machine that samples sees them; everything that is sampled when both are absent.
 */
export interface LabelScope {
  /** All threads of this process. */
  readonly pid?: number;
  /** The kernel's id, which Python calls `threading.get_native_id()`. */
  readonly threadId?: number;
}

/** A label that holds. `using` ends it with its block. */
export interface Label extends Disposable {
  /** It counts no more from the next sample on. Again is no matter. */
  end(): void;
}

/** So many may hold at once: with more, a change takes longer than a tick should wait. */
const mostLabels = 1000;

/** The function that sets labels of a session. */
export function labelling(session: Pick<Session, 'label'>) {
  let count = 0;
  const held = new Set<number>();
  return (values: Readonly<Record<string, string>>, of: LabelScope = {}): Label => {
    const { pid, threadId } = of;
    checkLabels(values);
    if (Object.keys(values).length === 0) throw badOption('a label has values');
    if (pid !== undefined) checkPid(pid);
    if (threadId !== undefined) checkPid(threadId, 'threadId');
    if (held.size >= mostLabels) throw badOption(`at most ${mostLabels} labels hold at once`);
    const id = ++count;
    held.add(id);
    // A copy: what the caller does with its object later is no matter.
    const request = { kind: 'label', id, values: { ...values } } as const;
    session.label({ ...request, ...(pid === undefined ? {} : { pid }), ...(threadId ? { threadId } : {}) });
    const end = () => {
      if (held.delete(id)) session.label({ kind: 'end-label', id });
    };
    return { end, [Symbol.dispose]: end };
  };
}
