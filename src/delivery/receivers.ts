import { otlpReceiver } from './otlp-receiver.js';
import { pyroscopeReceiver } from './pyroscope-receiver.js';
import type { Receiver, ReceiverId } from './receiver.js';

export const receivers: { readonly [Id in ReceiverId]: Receiver } = {
  pyroscope: pyroscopeReceiver,
  otlp: otlpReceiver,
};
