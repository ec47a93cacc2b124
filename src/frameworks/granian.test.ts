import { frameworkContract } from '../../tests/support/framework-contract.js';
import { granian } from './granian.js';

frameworkContract(granian, {
  programs: [
    { command: 'python /bin/granian --interface wsgi shop:app', ps: 'granian arbiter: shop:app' },
    {
      command: 'python /bin/granian shop:app',
      ps: 'granian worker: shop:app',
      below: ['python /bin/granian shop:app'],
    },
  ],
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < granian/server/common.py:_serve_loop < granian/server/common.py:_serve',
    'c:os.waitpid < multiprocessing/popen_fork.py:poll < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < granian/server/common.py:_watcher',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < granian/server/mp.py:_main < granian/server/mp.py:_spawn_wsgi_worker',
    'granian/server/mp.py:_spawn_wsgi_worker < granian/server/mp.py:wrapped',
    'c:uvloop.loop.Loop.run_until_complete < granian/server/mp.py:_spawn_asgi_worker < granian/server/mp.py:wrapped',
    'c:uvloop.loop.Loop.run_until_complete < granian/server/mp.py:_spawn_asgi_lifespan_worker < granian/server/mp.py:wrapped',
    'c:uvloop.loop.Loop.run_until_complete < granian/server/mp.py:_spawn_rsgi_worker < granian/server/mp.py:wrapped',
  ],
  busy: [
    'c:time.sleep < granian/server/common.py:_stop_workers < granian/server/common.py:_serve',
    'c:time.sleep < app.py:app < granian/asgi.py:wrapper < granian/server/mp.py:_spawn_asgi_worker',
  ],
});
