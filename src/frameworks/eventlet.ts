import type { Framework } from './framework.js';

export const eventlet: Framework = {
  id: 'eventlet',
  title: 'eventlet',
  idle: {
    which: 'its hub with nothing ready',
    stacks: ['eventlet/hubs/epolls.py:do_poll < eventlet/hubs/poll.py:wait'],
  },
};
