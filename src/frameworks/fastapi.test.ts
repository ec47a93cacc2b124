import { frameworkContract } from '../../tests/support/framework-contract.js';
import { fastapi } from './fastapi.js';

const spawned = [
  ...['python', '-c', 'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)'],
  '--multiprocessing-fork',
];

frameworkContract(fastapi, {
  programs: [
    { command: 'python /bin/fastapi run shop/main.py', ps: 'FastAPI, serving: shop/main.py' },
    { command: 'python /bin/fastapi dev main.py', ps: 'FastAPI reloader: main.py' },
    { command: spawned, ps: 'FastAPI worker', below: ['python /bin/fastapi run main.py --workers 2'] },
    { command: spawned, ps: 'FastAPI, serving', below: ['python /bin/fastapi dev main.py'] },
  ],
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < anyio/_backends/_asyncio.py:run < threading.py:_bootstrap_inner',
  ],
  busy: ['c:time.sleep < app.py:slow < anyio/_backends/_asyncio.py:run < threading.py:_bootstrap_inner'],
});
