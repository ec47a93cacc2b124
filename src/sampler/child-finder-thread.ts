import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ChildFinder } from './child-finder.js';
import type { FinderRequest } from './child-finder-messages.js';
import type { FinderData } from './finder-worker.js';
import { pauseAfterScan } from './scan-pause.js';

/**
 * Entry of the thread that finds children, which takes milliseconds each: beside the one that samples, so that no tick
 * waits for it.
 */
const { port, control, isLasting } = workerData as FinderData;
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

for (let isUp = false; cells[0] === 0; isUp = true) {
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) obey(got.message);
  const cost = finder.scan(scan);
  if (!isUp) parentPort?.postMessage('up');
  Atomics.wait(cells, 0, 0, pauseAfterScan(cost, performance.now() - finder.bornAt, isLasting));
}
