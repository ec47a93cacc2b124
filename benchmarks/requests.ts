import { knownAnchors } from '../src/frameworks/request-anchors.js';
import { changingImage } from '../tests/support/changing-image.js';
import { requestFixtures } from '../tests/support/images.js';
import { SampledProcess } from '../tests/support/sampled-process.js';
import { median } from './statistics.js';

const rounds = 5;
const warmUp = 3000;
const ticks = 5000;
/** Microseconds from tick to tick. */
const passed = 1000;
/** Threads of the image that have a request in hand. */
const threadsWithRequests = 5;

export interface RequestCost {
  readonly image: string;
  /** Microseconds of CPU that one sample of a thread with a request takes more than without the look for requests. */
  readonly perSample: number;
}

/**
 * What it costs to know the request of a sample, on stored images: by turns with and without, medians of five rounds.
 */
export function requestCosts(): RequestCost[] {
  return requestFixtures.map((fixture) => {
    const { target, location, kernel } = changingImage(fixture);
    const took = (anchors: typeof knownAnchors): number => {
      const it = new SampledProcess({ memory: target.memory, location, kernel, anchors });
      // What stood since the tick before is not read again, and costs nothing with requests or without.
      const runAndTick = (count: number) => {
        for (let tick = 0; tick < count; tick++) {
          kernel.wake();
          it.tick(passed);
        }
      };
      runAndTick(warmUp);
      const before = process.cpuUsage();
      runAndTick(ticks);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / ticks;
    };
    const differences = Array.from({ length: rounds }, () => took(knownAnchors) - took([]));
    return { image: fixture.name, perSample: median(differences) / threadsWithRequests };
  });
}
