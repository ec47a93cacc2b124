import type { Layout } from '../cpython/layout.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import type { UnrecordedProcess } from '../model/profile.js';
import type { ImageMark } from '../process/image-mark.js';
import type { ProcessFacts } from '../process/linux-process.js';

export interface FollowedProcess {
  readonly pid: number;
  readonly startTime: number;
  readonly location: RuntimeLocation;
  readonly mark: ImageMark | undefined;
}

/** A location whose layout was sent before, by the number that it got: to copy one to another thread takes 0.1 ms. */
export interface SentLocation extends Omit<RuntimeLocation, 'layout'> {
  readonly layout: number;
}

/** What the sampler asks of the thread that finds children. */
export type FinderRequest =
  /** Watch it; `deep`: and all below those that are watched. */
  | { readonly kind: 'watch'; readonly pid: number; readonly deep: boolean }
  /** It is of no interest any more, nor what is known of it. */
  | { readonly kind: 'unwatch'; readonly pid: number }
  | ({ readonly kind: 'follows' } & FollowedProcess)
  | { readonly kind: 'lost'; readonly pid: number }
  /** Orphans become children of `by`, which started `program`. */
  | { readonly kind: 'adopted'; readonly by: number; readonly program: number }
  /** Scan at once, and say so by this number. */
  | { readonly kind: 'scan'; readonly number: number };

/** What the thread that finds children answers. */
export type FinderMessage =
  | { readonly kind: 'layout'; readonly number: number; readonly layout: Layout }
  | {
      readonly kind: 'found';
      readonly pid: number;
      readonly facts: ProcessFacts;
      /** Whether its threads have other ids for itself than for us. */
      readonly isRenumbered: boolean;
      readonly location: SentLocation;
      readonly mark: ImageMark | undefined;
      readonly commandLine: readonly string[];
    }
  | { readonly kind: 'not-recorded'; readonly child: UnrecordedProcess }
  /** The name of a program that is not Python and that a process ran which was asked for. */
  | { readonly kind: 'ran'; readonly program: string }
  | {
      readonly kind: 'tree';
      /** The last request to scan that this comes after. */
      readonly scan: number;
      /** Processes that are no Python and may become one, or start one: what was asked for, and young ones. */
      readonly undecided: number;
      /** All that run and are not followed. */
      readonly left: readonly string[];
      /** CPU seconds from before the first scan of processes that have ended since. */
      readonly oldCpuEnded: number;
    };
