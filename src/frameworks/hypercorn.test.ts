import { frameworkContract } from '../../tests/support/framework-contract.js';
import { hypercorn } from './hypercorn.js';

const spawned = [
  ...['python', '-c', 'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)'],
  '--multiprocessing-fork',
];

frameworkContract(hypercorn, {
  programs: [
    { command: 'python /bin/hypercorn -w 2 shop:app', ps: 'hypercorn arbiter: shop:app' },
    { command: spawned, ps: 'hypercorn worker', below: ['python /bin/hypercorn shop:app'] },
  ],
  idleTasks: [
    'asyncio/queues.py:get < hypercorn/asyncio/lifespan.py:asgi_receive',
    'asyncio/locks.py:wait < hypercorn/utils.py:raise_shutdown',
    'asyncio/locks.py:wait < hypercorn/asyncio/worker_context.py:wait < hypercorn/utils.py:raise_shutdown',
    'asyncio/locks.py:wait < hypercorn/asyncio/worker_context.py:wait < asyncio/tasks.py:wait_for < hypercorn/asyncio/tcp_server.py:_idle_timeout',
    'asyncio/locks.py:wait < hypercorn/asyncio/worker_context.py:wait < hypercorn/asyncio/tcp_server.py:_idle_timeout',
  ],
  idle: [
    'c:select.poll.poll < selectors.py:select < multiprocessing/connection.py:wait < hypercorn/run.py:run < hypercorn/__main__.py:main',
    'c:os.waitpid < multiprocessing/popen_fork.py:poll < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < hypercorn/run.py:run_multiple < hypercorn/run.py:run',
    'c:os.waitpid < multiprocessing/popen_fork.py:poll < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < hypercorn/run.py:run < hypercorn/__main__.py:main',
    'c:time.sleep < hypercorn/utils.py:wait_for_changes < hypercorn/run.py:run',
    'c:uvloop.loop.Loop.run_until_complete < hypercorn/asyncio/run.py:_run < hypercorn/asyncio/run.py:uvloop_worker',
  ],
  busy: [
    'c:posix.stat < pathlib.py:stat < hypercorn/utils.py:wait_for_changes < hypercorn/run.py:run',
    'multiprocessing/process.py:start < hypercorn/run.py:_populate < hypercorn/run.py:run',
    'c:time.sleep < app.py:handler < hypercorn/asyncio/task_group.py:_handle < hypercorn/asyncio/run.py:_run',
  ],
});
