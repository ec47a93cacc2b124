import type { ViewOptions } from '../analysis/view-options.js';
import type { Compression } from '../bytes/compression.js';
import { encodeUtf8 } from '../bytes/text.js';
import type { Profile } from '../model/profile.js';
import type { OutputFormat } from './output-format.js';

/** A recording in a format as it is stored. What is compressed is made whole in memory first. */
export function* storedChunks(
  format: OutputFormat,
  profile: Profile,
  view: ViewOptions,
  compression: Compression,
): Generator<string | Uint8Array> {
  const chunks = format.write(profile, view, compression);
  if (format.compression === undefined) yield* chunks;
  else yield compression[format.compression](joined(chunks));
}

function joined(chunks: Iterable<string | Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? encodeUtf8(chunk) : chunk;
    parts.push(bytes);
    length += bytes.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
