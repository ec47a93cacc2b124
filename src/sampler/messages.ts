import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '../model/error.js';
import type { UnrecordedChildren, UnrecordedProcess } from '../model/profile.js';

/** Messages between the main thread and the sampling thread. */
export interface SamplingRequest {
  /** 0: a program that is only started once this thread is ready; its pid comes in `control`. */
  readonly pid: number;
  /** Samples a second. */
  readonly rate: number;
  /** Seconds of wall time; Infinity: until stopped or the target ends. */
  readonly duration: number;
  readonly subprocesses: boolean;
  /** Samples only what is named by `watch`, for as long as nobody stops it; `pid` is 0. */
  readonly watches?: boolean;
  /** Orphans below the program that we start become children of our own process. */
  readonly adoptsOrphans: boolean;
  /** Whether stacks have C functions. */
  readonly cFunctions: boolean;
  /** Whether tasks of asyncio are recorded. */
  readonly tasks?: boolean;
  /** Frames that have a request in hand, besides the known ones: as `userAnchor` takes them. */
  readonly requestAnchors?: readonly string[];
  readonly title: string;
  /** Stored with the recording. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly writer: string;
  /**
   * Three int32 cells: [0] becomes 1 when sampling should stop, [1] the pid of the program that was started, [2] counts
   * the `SamplingOrder`s that were sent to the thread.
   */
  readonly control: SharedArrayBuffer;
  /** To the thread that finds children: `FinderRequest` to it, `FinderMessage` from it. */
  readonly finder: MessagePort;
}

/** What threads work for from the next tick on, as the one who records says. */
export type LabelRequest =
  | {
      readonly kind: 'label';
      readonly id: number;
      readonly values: Readonly<Record<string, string>>;
      /** Of all threads of this process, or of this thread by the kernel's id; of everything when both are absent. */
      readonly pid?: number;
      readonly threadId?: number;
    }
  | { readonly kind: 'end-label'; readonly id: number };

/** What the thread is asked for while it samples. */
export type SamplingOrder =
  | LabelRequest
  /** Sample this process, as soon as there is Python in it; it goes on when the process runs another program. */
  | { readonly kind: 'watch'; readonly pid: number }
  /** It ended, or is to be left alone. */
  | { readonly kind: 'unwatch'; readonly pid: number }
  /** Samples a second from now on. */
  | { readonly kind: 'rate'; readonly rate: number }
  /** Give back memory that is not used any more: no tick comes for some 20 ms. */
  | { readonly kind: 'return-memory' };

export interface SamplingStats {
  /** Stacks recorded, one a thread a tick. */
  readonly samples: number;
  readonly ticks: number;
  readonly missed: number;
  readonly retried: number;
  readonly torn: number;
  readonly truncated: number;
  /** Ticks in which a process that was just found was left out, since others would have had to wait. */
  readonly leftOut: number;
  readonly threads: number;
  readonly processes: number;
  readonly wallSeconds: number;
  /** 0 of what is watched: nobody asks for it, and to read it is a tenth of what many processes that wait cost. */
  readonly targetCpuSeconds: number;
  /** When the first sample was taken, milliseconds since the epoch; 0 when none was. */
  readonly firstSampleAt: number;
  readonly unrecordedChildren: UnrecordedChildren;
  /** Samples by the rule by which their stacks were found, and by how these were mended (`verdicts.ts`). */
  readonly verdicts: Readonly<Record<string, number>>;
}

export type SamplerMessage =
  /** Waiting for the pid of the program to sample. */
  | { readonly kind: 'ready' }
  /** All that the thread needs is there. */
  | { readonly kind: 'loaded' }
  | {
      readonly kind: 'attached';
      readonly pid: number;
      readonly pythonVersion: string;
      readonly parentPid: number;
      readonly reloader?: string;
    }
  /** The thread that finds children is needed. */
  | { readonly kind: 'find-children' }
  /** A child that is Python cannot be recorded. */
  | { readonly kind: 'not-recorded'; readonly child: UnrecordedProcess }
  /** An uncompressed payload of the recording. */
  | { readonly kind: 'block'; readonly payload: Uint8Array }
  | { readonly kind: 'progress'; readonly stats: SamplingStats }
  | {
      readonly kind: 'finished';
      readonly reason: 'duration' | 'stopped' | 'target-ended';
      readonly stats: SamplingStats;
      /** Names of programs that are not Python and that the process ran which was asked for. */
      readonly programs: readonly string[];
      /** Processes below what was recorded that still run and are not recorded. */
      readonly left: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly detail: Readonly<Record<string, unknown>>;
    };
