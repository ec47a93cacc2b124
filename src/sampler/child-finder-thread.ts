import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { threadCpuTime } from '../process/thread-cpu-time.js';
import { ChildFinder } from './child-finder.js';
import type { FinderRequest } from './child-finder-messages.js';

/**
 * Entry of the thread that finds children, which takes milliseconds each: beside the one that samples, so that no tick
 * waits for it.
 *
 * Pauses between scans, milliseconds. A scan of ten processes takes half a millisecond; where processes are started,
 * one of 40 ms is to be seen for most of its life.
 */
const pauseWhileBorn = 5;
const pauseOtherwise = 50;
/** For this long after a process was first seen, more are expected. */
const bornLately = 2000;
/**
 * A scan of a thousand processes takes long: this part of the time goes into scans as a rule, but one that was slow
 * once delays the next no longer. Counted is the CPU that it took: on a busy machine the next one is not further off
 * than elsewhere.
 */
const busyShare = 0.1;
const longestPause = 500;

/** For who samples for months: a process of which nothing is known yet makes itself heard by a notification. */
const pauseOfLasting = 500;

const { port, control, isLasting } = workerData as {
  port: MessagePort;
  control: SharedArrayBuffer;
  isLasting: boolean;
};
const cells = new Int32Array(control);
const finder = new ChildFinder((message) => port.postMessage(message));
let scan = 0;

function obey(request: FinderRequest): void {
  if (request.kind === 'watch') finder.watch(request.pid, request.deep);
  else if (request.kind === 'unwatch') finder.unwatch(request.pid);
  else if (request.kind === 'follows') finder.follows(request);
  else if (request.kind === 'lost') finder.lost(request.pid);
  else if (request.kind === 'adopted') finder.adopted = request;
  else scan = request.number;
}

while (cells[0] === 0) {
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) obey(got.message);
  const began = threadCpuTime();
  finder.scan(scan);
  const took = threadCpuTime() - began;
  const isBorn = performance.now() - finder.bornAt < bornLately;
  const pause = isLasting ? pauseOfLasting : isBorn ? pauseWhileBorn : pauseOtherwise;
  Atomics.wait(cells, 0, 0, Math.max(pause, Math.min(longestPause, took / busyShare)));
}
