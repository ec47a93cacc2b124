import { returnUnusedMemory } from '../process/unused-memory.js';
import type { SamplingOrder } from './messages.js';
import { liveProcesses, type Processes } from './processes.js';
import { realTime, type Time } from './time.js';

/** What a recording asks of the world around it. */
export interface SamplingWorld {
  readonly processes: Processes;
  readonly time: Time;
  /** The next order that came, nothing when there is none. Asked only after `control` counted one. */
  readonly nextOrder: () => SamplingOrder | null | undefined;
  /** Gives back memory that is not used any more. */
  readonly returnMemory: () => void;
}

/** That of this machine. */
export const thisMachine: SamplingWorld = {
  processes: liveProcesses,
  time: realTime,
  nextOrder: () => undefined,
  returnMemory: returnUnusedMemory,
};
