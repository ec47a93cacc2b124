import type { Framework } from './framework.js';

export const dramatiq: Framework = {
  id: 'dramatiq',
  title: 'dramatiq',
  programs: [{ command: /^dramatiq$/, role: 'main process', childRole: 'worker' }],
  idle: {
    which:
      'the main process; the main thread of a worker, its consumers of Redis, its threads without a message',
    stacks: [
      'selectors.py:select < multiprocessing/connection.py:wait < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < dramatiq/cli.py:main',
      'selectors.py:select < multiprocessing/connection.py:wait < dramatiq/cli.py:watch_logs',
      'dramatiq/cli.py:worker_process',
      'dramatiq/middleware/time_limit.py:run',
      // Up to 1.10 at least.
      'dramatiq/middleware/time_limit.py:_timer',
      'dramatiq/brokers/redis.py:__next__',
      'threading.py:wait < queue.py:get < dramatiq/worker.py:run',
    ],
  },
};
