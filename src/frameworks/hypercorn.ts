import { application, type Framework, spawnedCode } from './framework.js';

export const hypercorn: Framework = {
  id: 'hypercorn',
  title: 'hypercorn',
  anchors: [{ frame: 'hypercorn/asyncio/task_group.py:_handle', scope: 'scope' }],
  programs: [
    { code: spawnedCode, parent: 'hypercorn', childRole: 'worker' },
    { command: /^hypercorn$/, role: 'arbiter', childRole: 'worker', names: application },
  ],
  idleTasks: {
    which:
      'the tasks that wait for the end of the server, that of the lifespan once the application is up, the one that counts for how long a connection is unused',
    stacks: [
      'asyncio/queues.py:get < hypercorn/asyncio/lifespan.py:asgi_receive',
      'asyncio/locks.py:wait < hypercorn/utils.py:raise_shutdown',
      'asyncio/locks.py:wait < hypercorn/asyncio/worker_context.py:wait < hypercorn/utils.py:raise_shutdown',
      'asyncio/locks.py:wait < hypercorn/asyncio/worker_context.py:wait < asyncio/tasks.py:wait_for < hypercorn/asyncio/tcp_server.py:_idle_timeout',
      // Up to 3.11, where it is a task of its own.
      'asyncio/locks.py:wait < hypercorn/asyncio/worker_context.py:wait < hypercorn/asyncio/tcp_server.py:_idle_timeout',
    ],
  },
  idle: {
    which: 'the arbiter; workers with nothing ready',
    stacks: [
      'selectors.py:select < multiprocessing/connection.py:wait < hypercorn/run.py:run',
      // Up to 0.13.
      'multiprocessing/popen_fork.py:poll < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < hypercorn/run.py:run_multiple',
      // 0.14 and 0.15, and their reloader.
      'multiprocessing/popen_fork.py:poll < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < hypercorn/run.py:run',
      'hypercorn/utils.py:wait_for_changes',
      // Up to 0.14 with uvloop, whose loop has no frames of Python. Later versions use `asyncio.Runner`.
      'hypercorn/asyncio/run.py:_run',
    ],
  },
};
