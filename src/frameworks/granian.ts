import { application, type Framework } from './framework.js';

export const granian: Framework = {
  id: 'granian',
  title: 'granian',
  programs: [{ command: /^granian$/, role: 'arbiter', childRole: 'worker', names: application }],
  idle: {
    which: 'the arbiter, workers with nothing ready',
    stacks: [
      'threading.py:wait < threading.py:wait < granian/server/common.py:_serve_loop',
      'multiprocessing/popen_fork.py:poll < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < granian/server/common.py:_watcher',
      // The main thread of a worker: requests of WSGI run in threads that were started in Rust.
      'threading.py:wait < threading.py:wait < granian/server/mp.py:_main',
      // 2.0: it waits in Rust.
      'granian/server/mp.py:_spawn_wsgi_worker',
      // With uvloop, whose loop has no frames of Python.
      'granian/server/mp.py:_spawn_asgi_worker',
      'granian/server/mp.py:_spawn_asgi_lifespan_worker',
      'granian/server/mp.py:_spawn_rsgi_worker',
    ],
  },
};
