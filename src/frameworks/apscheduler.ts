import type { Framework } from './framework.js';

export const apscheduler: Framework = {
  id: 'apscheduler',
  title: 'APScheduler',
  idle: {
    which: 'a scheduler until the next job is due',
    stacks: ['threading.py:wait < threading.py:wait < apscheduler/schedulers/blocking.py:_main_loop'],
  },
};
