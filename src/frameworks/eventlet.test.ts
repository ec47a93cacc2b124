import { frameworkContract } from '../../tests/support/framework-contract.js';
import { eventlet } from './eventlet.js';

frameworkContract(eventlet, {
  idle: [
    'c:select.epoll.poll < eventlet/hubs/epolls.py:do_poll < eventlet/hubs/poll.py:wait < eventlet/hubs/hub.py:run',
  ],
  busy: ['app.py:readable < eventlet/hubs/poll.py:wait < eventlet/hubs/hub.py:run'],
});
