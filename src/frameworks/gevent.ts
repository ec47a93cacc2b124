import type { Framework } from './framework.js';

export const gevent: Framework = {
  id: 'gevent',
  title: 'gevent',
  idle: {
    which: 'its hub with nothing ready, threads of its pool without a task',
    stacks: [
      'gevent/hub.py:run',
      // Up to 21.
      'gevent/_threading.py:wait < gevent/_threading.py:get < gevent/threadpool.py:run',
      'gevent/_threading.py:acquire_with_timeout < gevent/_threading.py:wait < gevent/_threading.py:get < gevent/threadpool.py:run',
    ],
  },
};
