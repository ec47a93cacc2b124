/**
 * Functions that are on a thread's stack as long as it serves a request: `end of the file's path:function`. Only of servers and
 * frameworks that keep a request on one stack: what an event loop waits for on behalf of a request is on none.
 */
export const requestFrames: readonly string[] = [
  // Servers.
  'werkzeug/serving.py:run_wsgi',
  'gunicorn/workers/sync.py:handle_request',
  'gunicorn/workers/gthread.py:handle_request',
  'gunicorn/workers/base_async.py:handle_request',
  'waitress/task.py:service',
  'cheroot/server.py:respond',
  'wsgiref/handlers.py:run',

  // Frameworks, for servers without frames of Python: uWSGI, mod_wsgi.
  'django/core/handlers/wsgi.py:__call__',
  'flask/app.py:wsgi_app',
  'bottle.py:wsgi',
  'pyramid/router.py:__call__',
];
