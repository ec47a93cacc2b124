import type { Framework } from './framework.js';

export const sentry: Framework = {
  id: 'sentry',
  title: 'Sentry',
  idle: {
    which: 'its background threads with nothing to send',
    stacks: [
      'threading.py:wait < sentry_sdk/_queue.py:get < sentry_sdk/worker.py:_target',
      'sentry_sdk/monitor.py:_thread',
      'threading.py:wait < threading.py:wait < sentry_sdk/sessions.py:_thread',
    ],
  },
};
