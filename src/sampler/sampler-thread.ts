import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { PyglassError } from '../model/error.js';
import { mapLargeArrays } from '../process/large-arrays.js';
import { askForShortSlices } from '../process/thread-scheduling.js';
import type { SamplerMessage, SamplingOrder, SamplingRequest } from './messages.js';
import { runSampling } from './sampling.js';
import { thisMachine } from './sampling-world.js';

/** Entry of the thread that samples: apart from the one that writes, paints and listens, so that nothing delays it. */
const port = parentPort;
const shared = workerData as Pick<SamplingRequest, 'control' | 'finder'>;
const send = (message: SamplerMessage) => port?.postMessage(message);
const nextOrder = () => port && (receiveMessageOnPort(port)?.message as SamplingOrder | undefined);
// It may have to wait for its request: it is started while the command is still being read.
port?.once('message', (request: Omit<SamplingRequest, 'control' | 'finder'>) => {
  try {
    runSampling({ ...request, ...shared }, send, { ...thisMachine, nextOrder });
  } catch (error) {
    if (!(error instanceof PyglassError)) throw error;
    send({ kind: 'failed', code: error.code, message: error.message, detail: error.detail });
  }
});
mapLargeArrays();
askForShortSlices();
send({ kind: 'loaded' });
