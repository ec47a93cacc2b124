import type { Framework } from './framework.js';

/** With `kombu`, which talks to brokers, and `billiard`, which has the pool. */
export const celery: Framework = {
  id: 'celery',
  title: 'celery',
  anchors: [
    { frame: 'celery/app/trace.py:fast_trace_task', job: 'task', differs: 'uuid' },
    { frame: 'celery/app/trace.py:trace_task_ret', job: 'name', differs: 'uuid' },
  ],
  programs: [
    { renamed: /^\[?celeryd?: .*PoolWorker/, role: 'worker' },
    { renamed: /^\[?celeryd?: /, role: 'main process' },
    { title: 'celery beat', renamed: /^\[celery beat\]/ },
    { title: 'celery beat', command: /^celery$/, args: /(^| )beat( |$)/ },
    {
      command: /^celery$/,
      args: /(^| )worker( |$)/,
      role: 'main process',
      childRole: 'worker',
      names: /(?:-A|--app)[ =](\S+)/,
    },
    { command: /^celery$/ },
  ],
  idle: {
    which:
      'workers (prefork, threads, solo) without a task, the threads of their parent, the beat between two tasks',
    stacks: [
      'kombu/utils/eventio.py:poll < kombu/asynchronous/hub.py:create_loop',
      'kombu/transport/virtual/base.py:drain_events',
      'billiard/synchronize.py:__enter__ < billiard/queues.py:get_payload < billiard/pool.py:_recv',
      'billiard/connection.py:_recv < billiard/connection.py:_recv_bytes < billiard/connection.py:recv_bytes < billiard/queues.py:get_payload < billiard/pool.py:_recv',
      'billiard/connection.py:_poll < billiard/connection.py:wait < billiard/connection.py:_poll < billiard/connection.py:poll < billiard/pool.py:_poll_result',
      'threading.py:wait < queue.py:get < billiard/pool.py:body',
      'billiard/pool.py:body',
      'celery/utils/timer2.py:run',
      'celery/beat.py:start',
    ],
  },
};
