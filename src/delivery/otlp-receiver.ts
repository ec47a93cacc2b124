import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { otlpFields } from '../formats/otlp/otlp-messages.js';
import { otlpOfPprof } from '../formats/otlp/otlp-of-pprof.js';
import { readFields, writeMessage } from '../formats/otlp/protobuf.js';
import type { ProfileMessage } from './profile-message.js';
import type { Receiver, ReceiverNotes } from './receiver.js';

/** A profile of more is none of ours. */
const longestProfile = 1 << 28;

/**
 * Any backend of OpenTelemetry that takes profiles: https://opentelemetry.io/docs/specs/otlp/#otlphttp. A queue has
 * pprof whoever gets it, so the receiver can be changed while it is full, and a folder has the same files.
 */
export const otlpReceiver: Receiver = {
  id: 'otlp',
  path: '/v1development/profiles',
  request: (endpoint, message) => ({
    url: endpoint,
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    body: gzipSync(otlpBody(message)),
  }),
  // No other may be sent again.
  meaningOf: (status) => ([429, 502, 503, 504].includes(status) ? 'busy' : 'refused'),
  notes: partialSuccess,
  text: (body, type) => (type.startsWith('application/x-protobuf') ? statusText(body) : undefined),
};

/** ExportProfilesServiceRequest. Throws where the profile is damaged. */
export function otlpBody(message: ProfileMessage): Uint8Array {
  const { service, labels, body } = message;
  const request = otlpOfPprof(gunzipSync(body, { maxOutputLength: longestProfile }), {
    resource: { 'service.name': service, ...resourceOf(message) },
    // Also of whose it is: two processes may have done the same.
    profileId: (type) =>
      createHash('sha256')
        .update(JSON.stringify([type, service, labels]))
        .update(body)
        .digest()
        .subarray(0, 16),
  });
  return writeMessage('ExportProfilesServiceRequest', request);
}

/** https://opentelemetry.io/docs/specs/semconv/resource/ */
const names: Readonly<Record<string, string>> = {
  host: 'host.name',
  container_id: 'container.id',
  python_version: 'process.runtime.version',
};

function resourceOf({ labels }: ProfileMessage): Record<string, string | number> {
  const { pid, ...others } = labels;
  const resource: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(others)) resource[names[name] ?? name] = value;
  if (pid !== undefined && /^\d{1,9}$/.test(pid)) resource['process.pid'] = Number(pid);
  resource['process.runtime.name'] = 'cpython';
  return resource;
}

/** An answer of success that is not all of it, or advice. */
function partialSuccess(body: Uint8Array): ReceiverNotes {
  const { ExportProfilesServiceResponse: response, ExportProfilesPartialSuccess: fields } = otlpFields;
  const partial = readFields(body)?.get(response['partialSuccess']!.number);
  const values = partial instanceof Uint8Array ? readFields(partial) : undefined;
  if (!values) return {};
  const rejected = values.get(fields['rejectedProfiles']!.number);
  const text = values.get(fields['errorMessage']!.number);
  const message = text instanceof Uint8Array ? new TextDecoder().decode(text) : '';
  if (typeof rejected === 'number' && rejected > 0) return { rejected: message };
  return message === '' ? {} : { warning: message };
}

/** The message of a google.rpc.Status, as which failures are answered. */
function statusText(body: Uint8Array): string | undefined {
  const message = readFields(body)?.get(2);
  return message instanceof Uint8Array ? new TextDecoder().decode(message) : undefined;
}
