import type { ReceiverId } from '../model/receiver-id.js';
import { otlpReceiver } from './otlp-receiver.js';
import { pyroscopeReceiver } from './pyroscope-receiver.js';
import type { Receiver } from './receiver.js';

export const receivers: { readonly [Id in ReceiverId]: Receiver } = {
  pyroscope: pyroscopeReceiver,
  otlp: otlpReceiver,
};
