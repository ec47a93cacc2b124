import { processFacts } from '../process/linux-process.js';

/** Notices that a process is stopped: all that is sampled of it then is one moment. */
export class StoppedNote {
  #wasStopped = false;

  /** At the last look. */
  get isStopped(): boolean {
    return this.#wasStopped;
  }

  /** What to say, `undefined` while it is not stopped or `once` was said already since it was. */
  look(pid: number, once = true): string | undefined {
    const state = processFacts(pid)?.state;
    const isStopped = state === 'T' || state === 't';
    const isKnown = this.#wasStopped;
    this.#wasStopped = isStopped;
    if (!isStopped || (once && isKnown)) return undefined;
    const cause = state === 't' ? 'by a debugger' : 'SIGSTOP or Ctrl-Z';
    const remedy = state === 't' ? '' : `; kill -CONT ${pid} resumes it`;
    return `Process ${pid} is stopped (${cause})${remedy}.`;
  }
}
