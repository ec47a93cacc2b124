import type { ProfileMessage } from './profile-message.js';
import type { Receiver } from './receiver.js';

/** Takes pprof at `/ingest`. */
export const pyroscopeReceiver: Receiver = {
  id: 'pyroscope',
  path: '/ingest',
  request: (endpoint, message) => ({
    url: pyroscopeUrl(endpoint, message),
    headers: { 'content-type': 'application/octet-stream' },
    body: message.body,
  }),
  meaningOf: (status) => {
    if (status === 408 || status === 429 || status === 503) return 'busy';
    // 500 is also the answer to a profile that the receiver cannot read, so it is not repeated for ever.
    return status >= 500 ? 'fault' : 'refused';
  },
};

/**
 * The URL of a push to Pyroscope's `/ingest`, of which the profile is the body. What stands between braces are labels
 * of all samples. https://grafana.com/docs/pyroscope/latest/reference-server-api/
 */
export function pyroscopeUrl(endpoint: string, message: ProfileMessage): string {
  const { service, labels, from, until, rate } = message;
  const pairs = Object.entries(labels).map(([name, value]) => `${labelName(name)}=${labelValue(value)}`);
  const query = new URLSearchParams({
    name: `${appName(service)}{${pairs.join(',')}}`,
    // Whole seconds: a moment more rather than less.
    from: String(Math.floor(from / 1000)),
    until: String(Math.ceil(until / 1000)),
    format: 'pprof',
    // A whole number.
    sampleRate: String(Math.max(1, Math.round(rate))),
    spyName: 'pyglass',
  });
  return `${endpoint}?${query}`;
}

const longestName = 200;

/** What follows a dot would be taken for the kind of the profile. */
function appName(service: string): string {
  const name = service.replace(/[^\w-]+/g, '_').slice(0, longestName);
  return name === '' ? 'python' : name;
}

function labelName(name: string): string {
  return name
    .replace(/\W/g, '_')
    .replace(/^(?=\d)/, '_')
    .slice(0, longestName);
}

/** Nothing is escaped there: these end a value. */
function labelValue(value: string): string {
  return value.replace(/[,{}=\p{Cc}]/gu, '_').slice(0, longestName);
}
