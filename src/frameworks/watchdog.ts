import type { Framework } from './framework.js';

export const watchdog: Framework = {
  id: 'watchdog',
  title: 'watchdog',
  idle: {
    which: 'its look for changed files',
    stacks: [
      'threading.py:wait < queue.py:get < watchdog/observers/api.py:dispatch_events',
      'threading.py:wait < watchdog/utils/delayed_queue.py:get',
      'watchdog/observers/inotify_c.py:_check_inotify_fd',
      'watchdog/observers/inotify_c.py:read_events',
    ],
  },
};
