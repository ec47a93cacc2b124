import { test } from 'node:test';
import { pythons } from '../support/pythons.js';
import { checkServer, type ServedRoutes, type WebServer } from '../support/web-servers.js';

const flaskRoutes: ServedRoutes = {
  of_first: ['GET /first/<int:ms>/<name>', '/first'],
  of_second: ['GET /second/<int:ms>/<name>', '/second'],
};
const djangoRoutes: ServedRoutes = {
  of_first: ['GET /first/<int:ms>/<name>', '/first'],
  of_second: ['GET /in/second/<int:ms>/<name>', '/in/second'],
};
const fastapiRoutes: ServedRoutes = {
  of_first: ['GET /first/{ms}/{name}', '/first'],
  of_second: ['GET /within/second/{ms}/{name}', '/within/second'],
  of_third: ['GET /in/third/{ms}/{name}', '/in/third'],
  of_fourth: ['GET /fourth/{ms}/{name}', '/fourth'],
};

const newest = 13;
const oldestAndNewest = [9, newest];

/** By its name in the title, with the Pythons for which pip finds all packages. */
const servers: Readonly<Record<string, WebServer & { readonly on?: readonly number[] }>> = {
  'Flask by itself': {
    ...{ packages: ['flask'], framework: 'flask', server: 'werkzeug' },
    ...{ routes: flaskRoutes, on: oldestAndNewest },
  },
  'Flask under gunicorn, sync': flaskUnder('gunicorn-sync', 'gunicorn'),
  'Flask under gunicorn, gthread': flaskUnder('gunicorn-gthread', 'gunicorn'),
  'Flask under gunicorn, gevent': {
    ...flaskUnder('gunicorn-gevent', 'gunicorn', 'gevent', 'packaging'),
    hidesWaiting: true,
  },
  'Flask under waitress': flaskUnder('waitress', 'waitress'),
  'Django under gunicorn': {
    ...{ packages: ['django', 'gunicorn'], framework: 'django', server: 'gunicorn-sync' },
    ...{ routes: djangoRoutes, on: oldestAndNewest },
  },
  'Django under gunicorn, gthread': {
    ...{ packages: ['django', 'gunicorn'], framework: 'django', server: 'gunicorn-gthread' },
    routes: djangoRoutes,
  },
  'Django under runserver': {
    ...{ packages: ['django'], framework: 'django', server: 'runserver' },
    routes: djangoRoutes,
  },
  'Django under uvicorn': {
    ...{ packages: ['django', 'uvicorn'], framework: 'django_asgi', server: 'uvicorn' },
    ...{ routes: { ...djangoRoutes, of_third: ['GET /third/<int:ms>/<name>', '/third'] } },
    on: oldestAndNewest,
  },
  'FastAPI under uvicorn': {
    ...{ packages: ['fastapi', 'uvicorn'], framework: 'fastapi', server: 'uvicorn' },
    ...{ routes: fastapiRoutes, on: oldestAndNewest },
  },
  'FastAPI under hypercorn': fastapiUnder('hypercorn', 'hypercorn'),
  'FastAPI under gunicorn, asgi': fastapiUnder('gunicorn-asgi', 'gunicorn'),
  "FastAPI under gunicorn, uvicorn's worker": fastapiUnder('gunicorn-uvicorn', 'gunicorn', 'uvicorn-worker'),
  aiohttp: {
    ...{ packages: ['aiohttp'], framework: 'aiohttp', server: 'aiohttp', on: oldestAndNewest },
    routes: {
      of_third: ['GET /in/third/{ms}/{name}', '/in/third'],
      of_fourth: ['GET /fourth/{ms}/{name}', '/fourth'],
    },
  },
  'any WSGI application under wsgiref': {
    ...{ packages: ['flask'], framework: 'wsgi', server: 'wsgiref' },
    routes: { of_first: ['GET /first/:id/:id', '/first'], of_second: ['GET /second/:id/:id', '/second'] },
  },
  'any ASGI application under uvicorn': {
    ...{ packages: ['fastapi', 'uvicorn'], framework: 'asgi', server: 'uvicorn' },
    routes: { of_third: ['GET /third/:id/:id', '/third'], of_fourth: ['GET /fourth/:id/:id', '/fourth'] },
  },
};

for (const [name, { on = [newest], ...server }] of Object.entries(servers))
  for (const minor of on) {
    const python = pythons().get(minor);
    const title = `requests of ${name} on 3.${minor}`;
    if (typeof python !== 'object') test(title, { skip: python ?? 'not there' });
    else test(title, () => checkServer(server, python, loadOf(server)));
  }

function loadOf({ routes }: WebServer) {
  return { rounds: Math.ceil(50 / Object.keys(routes).length), long: 400 };
}

function flaskUnder(server: string, ...packages: readonly string[]): WebServer {
  return { packages: ['flask', ...packages], framework: 'flask', server, routes: flaskRoutes };
}

function fastapiUnder(server: string, ...packages: readonly string[]): WebServer {
  return { packages: ['fastapi', ...packages], framework: 'fastapi', server, routes: fastapiRoutes };
}
