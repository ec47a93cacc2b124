import { frameworkContract } from '../../tests/support/framework-contract.js';
import { eventlet } from './eventlet.js';

frameworkContract(eventlet, {
  idle: [
    'c:select.epoll.poll < eventlet/hubs/epolls.py:do_poll < eventlet/hubs/poll.py:wait < eventlet/hubs/hub.py:run',
  ],
  idleTasks: [
    'eventlet/hubs/hub.py:switch < eventlet/hubs/__init__.py:trampoline < eventlet/greenio/base.py:_trampoline < eventlet/greenio/base.py:accept < eventlet/wsgi.py:server < ev_srv.py:<module>',
    'eventlet/hubs/hub.py:switch < eventlet/hubs/__init__.py:trampoline < eventlet/greenio/base.py:_trampoline < eventlet/greenio/base.py:_read_trampoline < eventlet/greenio/base.py:_recv_loop < eventlet/greenio/base.py:recv_into < socket.py:readinto < eventlet/wsgi.py:_read_request_line < eventlet/wsgi.py:handle_one_request',
  ],
  busy: ['app.py:readable < eventlet/hubs/poll.py:wait < eventlet/hubs/hub.py:run'],
});
