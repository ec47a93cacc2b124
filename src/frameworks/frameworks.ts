import { aiohttp } from './aiohttp.js';
import { airflow } from './airflow.js';
import { ansible } from './ansible.js';
import { apscheduler } from './apscheduler.js';
import { bottle } from './bottle.js';
import { celery } from './celery.js';
import { cheroot } from './cheroot.js';
import { daphne } from './daphne.js';
import { dask } from './dask.js';
import { debugpy } from './debugpy.js';
import { django } from './django.js';
import { dramatiq } from './dramatiq.js';
import { eventlet } from './eventlet.js';
import { fastapi } from './fastapi.js';
import { flask } from './flask.js';
import type { Framework } from './framework.js';
import { gevent } from './gevent.js';
import { granian } from './granian.js';
import { gunicorn } from './gunicorn.js';
import { huey } from './huey.js';
import { hypercorn } from './hypercorn.js';
import { joblib } from './joblib.js';
import { jupyter } from './jupyter.js';
import { modWsgi } from './mod-wsgi.js';
import { pip } from './pip.js';
import { pyramid } from './pyramid.js';
import { pytest } from './pytest.js';
import { ray } from './ray.js';
import { redis } from './redis.js';
import { rq } from './rq.js';
import { sentry } from './sentry.js';
import { spark } from './spark.js';
import { standardLibrary } from './standard-library.js';
import { streamlit } from './streamlit.js';
import { supervisord } from './supervisord.js';
import { torchrun } from './torchrun.js';
import { tox } from './tox.js';
import { uvicorn } from './uvicorn.js';
import { uwsgi } from './uwsgi.js';
import { waitress } from './waitress.js';
import { watchdog } from './watchdog.js';
import { watchfiles } from './watchfiles.js';
import { werkzeug } from './werkzeug.js';

/**
 * Every framework, server and library that is known from outside, in the order of the documentation. The order decides
 * nothing else.
 */
export const frameworks: readonly Framework[] = [
  standardLibrary,

  // Servers.
  cheroot,
  daphne,
  granian,
  gunicorn,
  hypercorn,
  modWsgi,
  uvicorn,
  uwsgi,
  waitress,
  werkzeug,

  // Frameworks.
  aiohttp,
  bottle,
  django,
  fastapi,
  flask,
  pyramid,
  streamlit,

  // Event loops.
  eventlet,
  gevent,

  // Tasks, schedules, and work on many processors.
  airflow,
  apscheduler,
  celery,
  dask,
  dramatiq,
  huey,
  joblib,
  ray,
  rq,
  spark,
  torchrun,

  // Notebooks, tools, and threads that help.
  ansible,
  debugpy,
  jupyter,
  pip,
  pytest,
  redis,
  sentry,
  supervisord,
  tox,
  watchdog,
  watchfiles,
];
