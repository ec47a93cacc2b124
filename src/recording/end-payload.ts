import { ByteSink } from '../bytes/byte-sink.js';
import { EntryKind } from './format.js';

/** A payload that makes a whole recording of one that still goes on: what came until then, `durationMicros` of it. */
export function endPayload(durationMicros: number): Uint8Array {
  const body = new ByteSink(16);
  body.varint(Math.max(0, Math.round(durationMicros)));
  body.varint(1);
  const out = new ByteSink(32);
  out.varint(EntryKind.end);
  out.varint(body.length);
  out.append(body.written);
  return out.written.slice();
}
