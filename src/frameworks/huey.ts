import type { Framework } from './framework.js';
import { awaitsRedis } from './redis.js';

export const huey: Framework = {
  id: 'huey',
  title: 'huey',
  programs: [{ command: /^huey_consumer$/, role: 'main process', childRole: 'worker' }],
  idle: {
    which: 'workers without a task, the scheduler, the main thread',
    stacks: [
      ...awaitsRedis('huey/storage.py:dequeue'),
      'threading.py:wait < threading.py:wait < huey/consumer.py:loop',
      'threading.py:wait < threading.py:wait < huey/consumer.py:sleep_for_interval',
      // A worker of a storage that does not wait itself.
      'threading.py:wait < threading.py:wait < huey/consumer.py:sleep',
    ],
  },
};
