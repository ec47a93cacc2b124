import { application, type Framework } from './framework.js';

export const gunicorn: Framework = {
  id: 'gunicorn',
  title: 'gunicorn',
  programs: [
    { renamed: /^gunicorn: worker/, role: 'worker', names: /\[(.+)\]/ },
    { renamed: /^gunicorn: /, role: 'arbiter', names: /\[(.+)\]/ },
    { command: /^gunicorn$/, role: 'arbiter', childRole: 'worker', names: application },
  ],
  anchors: [
    ...['sync', 'gthread', 'base_async'].map((worker) => ({
      frame: `gunicorn/workers/${worker}.py:handle_request`,
      environ: 'environ',
      differs: 'request_start',
    })),
    { frame: 'gunicorn/asgi/protocol.py:_handle_http_request', scope: 'scope' },
  ],
  requests: [
    'gunicorn/workers/sync.py:handle_request',
    'gunicorn/workers/gthread.py:handle_request',
    'gunicorn/workers/base_async.py:handle_request',
  ],
  idle: {
    which: 'the arbiter, workers (sync, gthread, asgi) between two requests, the look for changed files',
    stacks: [
      'gunicorn/arbiter.py:sleep',
      'gunicorn/arbiter.py:wait_for_signals',
      'gunicorn/workers/sync.py:wait',
      'selectors.py:select < gunicorn/workers/gthread.py:run',
      'selectors.py:select < gunicorn/workers/gthread.py:wait_for_and_dispatch_events',
      // With uvloop, whose loop has no frames of Python.
      'gunicorn/workers/gasgi.py:run',
      'gunicorn/reloader.py:run',
    ],
  },
  idleTasks: {
    which: 'the greenlet of a worker of gevent that looks once in a while whether to stop',
    stacks: ['gevent/hub.py:sleep < gunicorn/workers/ggevent.py:run'],
  },
};
