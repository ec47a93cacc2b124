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
  idleTasks: {
    which:
      'a server that accepts connections, a connection to its own server between two requests, the threads of its pool',
    stacks: [
      'gevent/baseserver.py:serve_forever',
      'gevent/_socketcommon.py:recv_into < socket.py:readinto < gevent/pywsgi.py:read_requestline',
      'gevent/threadpool.py:_begin',
    ],
  },
};
