import { test } from 'node:test';
import { pythons } from '../support/pythons.js';
import { checkServer, type ServedRoutes, type WebServer } from '../support/web-servers.js';

const converters: ServedRoutes = {
  of_first: ['GET /first/<int:ms>/<name>', '/first'],
  of_second: ['GET /second/<int:ms>/<name>', '/second'],
};
const included: ServedRoutes = { ...converters, of_second: ['GET /in/second/<int:ms>/<name>', '/in/second'] };
const braces: ServedRoutes = {
  of_first: ['GET /first/{ms}/{name}', '/first'],
  of_second: ['GET /within/second/{ms}/{name}', '/within/second'],
  of_third: ['GET /in/third/{ms}/{name}', '/in/third'],
  of_fourth: ['GET /fourth/{ms}/{name}', '/fourth'],
};
const coroutines: ServedRoutes = {
  of_third: ['GET /in/third/{ms}/{name}', '/in/third'],
  of_fourth: ['GET /fourth/{ms}/{name}', '/fourth'],
};

/** What Flask 1 needs, which does not say so. */
const flask1 = [
  ...['flask==1.1.4', 'werkzeug==1.0.1', 'jinja2==2.11.3', 'markupsafe==1.1.1', 'itsdangerous==1.1.0'],
  'click==7.1.2',
];
const gunicorn20 = ['gunicorn==20.0.4', 'setuptools==65.5.0'];

/** Old versions on the oldest Python that has pip's packages of them: its minor version first. */
const old: readonly (readonly [number, string, WebServer])[] = [
  [8, 'Flask 1.1', server('flask', 'werkzeug', [...flask1, ...gunicorn20], converters)],
  [
    8,
    'Flask 1.1 under gunicorn 20',
    server('flask', 'gunicorn-gthread', [...flask1, ...gunicorn20], converters),
  ],
  [
    8,
    'Flask 2 under waitress 1.4',
    server('flask', 'waitress', ['flask==2.3.3', 'waitress==1.4.4'], converters),
  ],
  [
    8,
    'Django 2.2 under gunicorn 20',
    server('django', 'gunicorn-sync', ['django==2.2.28', ...gunicorn20], included),
  ],
  [
    8,
    'Django 2.2 under runserver',
    server('django', 'runserver', ['django==2.2.28', ...gunicorn20], included),
  ],
  [
    ...([8, 'Django 3.2 under uvicorn 0.13'] as const),
    server('django_asgi', 'uvicorn', ['django==3.2.25', 'uvicorn==0.13.4'], {
      ...included,
      of_third: ['GET /third/<int:ms>/<name>', '/third'],
    }),
  ],
  [
    8,
    'FastAPI 0.63 under uvicorn 0.13',
    server('fastapi', 'uvicorn', ['fastapi==0.63.0', 'uvicorn==0.13.4'], braces),
  ],
  [
    9,
    'FastAPI 0.95 under uvicorn 0.20',
    server('fastapi', 'uvicorn', ['fastapi==0.95.2', 'uvicorn==0.20.0'], braces),
  ],
  [
    ...([9, 'FastAPI 0.63 under hypercorn 0.11'] as const),
    server('fastapi', 'hypercorn', ['fastapi==0.63.0', 'hypercorn==0.11.2'], braces),
  ],
  [8, 'aiohttp 3.8', server('aiohttp', 'aiohttp', ['aiohttp==3.8.6', 'yarl==1.9.4'], coroutines)],
];

for (const [minor, name, web] of old) {
  const python = pythons().get(minor);
  const title = `requests of ${name} on 3.${minor}`;
  if (typeof python !== 'object') test(title, { skip: python ?? 'not there' });
  else test(title, () => checkServer(web, python, { rounds: 6, long: 300 }));
}

function server(
  framework: string,
  kind: string,
  packages: readonly string[],
  routes: ServedRoutes,
): WebServer {
  return { packages, framework, server: kind, routes };
}
