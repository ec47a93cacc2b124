import { frameworkContract } from '../../tests/support/framework-contract.js';
import { uvicorn } from './uvicorn.js';

const spawned = [
  ...['python', '-c', 'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)'],
  '--multiprocessing-fork',
];

frameworkContract(uvicorn, {
  programs: [
    { command: 'python /bin/uvicorn shop:app', ps: 'uvicorn, serving: shop:app' },
    { command: 'python -m uvicorn shop:app --reload', ps: 'uvicorn reloader: shop:app' },
    { command: 'python /bin/uvicorn shop:app --workers 4', ps: 'uvicorn supervisor: shop:app' },
    { command: spawned, ps: 'uvicorn, serving', below: ['python -m uvicorn shop:app --reload'] },
    { command: spawned, ps: 'uvicorn worker', below: ['python /bin/uvicorn shop:app --workers 4'] },
    { command: spawned, ps: 'multiprocessing worker', below: ['python /bin/uvicorn shop:app'] },
  ],
  idleTasks: [
    'asyncio/tasks.py:sleep < uvicorn/server.py:main_loop < uvicorn/server.py:_serve < uvicorn/server.py:serve',
    'asyncio/queues.py:get < uvicorn/lifespan/on.py:receive < starlette/routing.py:lifespan < uvicorn/lifespan/on.py:main',
  ],
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < uvicorn/supervisors/multiprocess.py:run < uvicorn/main.py:run',
    'c:os.read < multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < uvicorn/supervisors/multiprocess.py:pong < uvicorn/supervisors/multiprocess.py:always_pong',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < uvicorn/supervisors/basereload.py:pause < uvicorn/supervisors/basereload.py:run',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < uvicorn/supervisors/basereload.py:run < uvicorn/main.py:run',
    'c:uvloop.loop.Loop.run_until_complete < uvicorn/server.py:run < uvicorn/main.py:run',
    'c:uvloop.loop.Loop.run_until_complete < uvicorn/workers.py:run < gunicorn/workers/base.py:init_process',
  ],
  busy: [
    'multiprocessing/context.py:Process < uvicorn/supervisors/multiprocess.py:keep_subprocess_alive < uvicorn/supervisors/multiprocess.py:run',
    'pathlib.py:stat < uvicorn/supervisors/basereload.py:restart',
    'c:time.sleep < app.py:handler < uvicorn/protocols/http/httptools_impl.py:run_asgi < uvicorn/server.py:run',
    'c:time.sleep < app.py:handler < uvicorn/protocols/http/httptools_impl.py:run_asgi < uvicorn/workers.py:run',
    'c:time.sleep < app.py:handler < uvicorn/protocols/http/h11_impl.py:run_asgi < asyncio/events.py:_run < asyncio/base_events.py:_run_once',
  ],
});
