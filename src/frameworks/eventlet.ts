import type { Framework } from './framework.js';

export const eventlet: Framework = {
  id: 'eventlet',
  title: 'eventlet',
  idle: {
    which: 'its hub with nothing ready',
    stacks: ['eventlet/hubs/epolls.py:do_poll < eventlet/hubs/poll.py:wait'],
  },
  idleTasks: {
    which: 'its server that accepts connections, a connection to it between two requests',
    stacks: [
      'eventlet/hubs/hub.py:switch < eventlet/hubs/__init__.py:trampoline < eventlet/greenio/base.py:_trampoline < eventlet/greenio/base.py:accept < eventlet/wsgi.py:server',
      'eventlet/hubs/hub.py:switch < eventlet/hubs/__init__.py:trampoline < eventlet/greenio/base.py:_trampoline < eventlet/greenio/base.py:_read_trampoline < eventlet/greenio/base.py:_recv_loop < eventlet/greenio/base.py:recv_into < socket.py:readinto < eventlet/wsgi.py:_read_request_line',
    ],
  },
};
