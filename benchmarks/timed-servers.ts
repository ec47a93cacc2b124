/** A server of `programs/timed_routes.py`, and how its framework writes the routes. */
export interface TimedServer {
  readonly name: string;
  readonly packages: readonly string[];
  /** The first two arguments of the program. */
  readonly server: string;
  readonly framework: string;
  /** How `/sleep/20` is written. */
  readonly sleep: string;
  /** Requests at a time, which all find a free thread. */
  readonly concurrency: number;
  readonly needsPostgresql?: true;
}

const converter = '/sleep/<int:ms>';
const braces = '/sleep/{ms}';

export const timedServers: readonly TimedServer[] = [
  ...(
    [
      ['werkzeug', []],
      ['gunicorn-sync', ['gunicorn']],
      ['gunicorn-gthread', ['gunicorn']],
      ['gunicorn-gevent', ['gunicorn', 'gevent', 'packaging']],
      ['waitress', ['waitress']],
    ] as const
  ).map(([server, packages]) => timed('flask', server, ['flask', ...packages], converter)),
  timed('django', 'runserver', ['django'], converter),
  timed('django', 'gunicorn-gthread', ['django', 'gunicorn'], converter),
  timed('django_asgi', 'uvicorn', ['django', 'uvicorn'], converter),
  timed('fastapi', 'uvicorn', ['fastapi', 'uvicorn'], braces),
  timed('fastapi', 'hypercorn', ['fastapi', 'hypercorn'], braces),
  timed('fastapi', 'gunicorn-asgi', ['fastapi', 'gunicorn'], braces),
  timed('fastapi', 'gunicorn-uvicorn', ['fastapi', 'gunicorn', 'uvicorn-worker'], braces),
  timed('aiohttp', 'aiohttp', ['aiohttp'], braces),
  { ...timed('postgresql', 'werkzeug', ['flask', 'pg8000'], converter), needsPostgresql: true },
];

function timed(framework: string, server: string, packages: readonly string[], sleep: string): TimedServer {
  const name = framework === server ? server : `${framework.replace('_', '-')}-${server}`;
  return { name, packages, server, framework, sleep, concurrency: server === 'gunicorn-sync' ? 1 : 2 };
}

/** What is asked for, by the route as its framework writes it. */
export function timedPaths({ sleep }: TimedServer): Readonly<Record<string, string>> {
  return {
    [`GET ${sleep}`]: '/sleep/20',
    'GET /compute': '/compute',
    'GET /query': '/query',
    'GET /stream': '/stream',
    'GET /fail': '/fail',
  };
}
