import { frameworkContract } from '../../tests/support/framework-contract.js';
import { dramatiq } from './dramatiq.js';

frameworkContract(dramatiq, {
  programs: [
    { command: 'python /bin/dramatiq shop.tasks', ps: 'dramatiq main process' },
    {
      command: 'python /bin/dramatiq shop.tasks',
      ps: 'dramatiq worker',
      below: ['python /bin/dramatiq shop.tasks'],
    },
  ],
  idle: [
    'c:select.poll.poll < selectors.py:select < multiprocessing/connection.py:wait < multiprocessing/popen_fork.py:wait < multiprocessing/process.py:join < dramatiq/cli.py:main',
    'c:select.poll.poll < selectors.py:select < multiprocessing/connection.py:wait < dramatiq/cli.py:watch_logs < threading.py:run',
    'c:time.sleep < dramatiq/cli.py:worker_process < multiprocessing/process.py:run',
    'c:time.sleep < dramatiq/middleware/time_limit.py:run < threading.py:_bootstrap_inner',
    'c:time.sleep < dramatiq/middleware/time_limit.py:_timer < threading.py:run',
    'c:time.sleep < dramatiq/brokers/redis.py:__next__ < dramatiq/worker.py:run',
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < dramatiq/worker.py:run < threading.py:_bootstrap_inner',
  ],
  busy: [
    'c:time.sleep < tasks.py:add < dramatiq/actor.py:__call__ < dramatiq/worker.py:process_message < dramatiq/worker.py:run',
    'tasks.py:<module> < importlib/__init__.py:import_module < dramatiq/cli.py:import_object < dramatiq/cli.py:worker_process',
    'multiprocessing/process.py:start < dramatiq/cli.py:main',
    'dramatiq/cli.py:write < dramatiq/cli.py:watch_logs',
    'dramatiq/middleware/time_limit.py:_handle_deadline < dramatiq/middleware/time_limit.py:run',
    'c:json.loads < dramatiq/message.py:decode < dramatiq/brokers/redis.py:__next__ < dramatiq/worker.py:run',
  ],
});
