import { frameworkContract } from '../../tests/support/framework-contract.js';
import { standardLibrary } from './standard-library.js';

const spawned = [
  ...['python', '-c', 'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)'],
  '--multiprocessing-fork',
];
const tracker = ['python', '-c', 'from multiprocessing.resource_tracker import main;main(4)'];
const forkServer = ['python', '-c', "from multiprocessing.forkserver import main; main(5, 7, ['__main__'])"];

const received = 'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes';

frameworkContract(standardLibrary, {
  programs: [
    { command: spawned, ps: 'multiprocessing worker', below: ['python app.py'] },
    {
      command: tracker,
      ps: "multiprocessing's resource tracker",
      below: ['python /bin/uvicorn shop:app --workers 4'],
    },
    { command: forkServer, ps: "multiprocessing's fork server", below: ['python app.py'] },
    { command: forkServer, ps: 'multiprocessing worker', below: ['python app.py', forkServer] },
    { command: 'python -m unittest discover', ps: 'unittest' },
    { command: 'python3 -m http.server 8000', ps: "Python's web server" },
  ],
  idleTasks: ['asyncio/base_events.py:serve_forever', 'asyncio/selector_events.py:sock_accept'],
  idle: [
    'c:select.poll.poll < selectors.py:select < socketserver.py:serve_forever',
    'c:socket.socket.recv_into < socket.py:readinto < http/server.py:handle_one_request < http/server.py:handle',
    'c:select.select < SocketServer.py:_eintr_retry < SocketServer.py:serve_forever < threading.py:run',
    'c:time.sleep < multiprocessing/pool.py:_handle_workers < threading.py:run',
    'c:thread.lock.acquire < threading.py:wait < Queue.py:get < multiprocessing/pool.py:_handle_tasks < threading.py:run',
    'c:multiprocessing.Connection.recv < multiprocessing/queues.py:get < multiprocessing/pool.py:worker < multiprocessing/process.py:run',
    'c:thread.lock.acquire < threading.py:wait < threading.py:join < threading.py:_exitfunc',

    'c:select.epoll.poll < selectors.py:select < asyncio/base_events.py:_run_once < asyncio/base_events.py:run_forever',
    'c:uvloop.loop.Loop.run_until_complete < asyncio/runners.py:run < asyncio/runners.py:run',

    'c:queue.SimpleQueue.get < concurrent/futures/thread.py:_worker < threading.py:run',
    `c:os.read < ${received} < multiprocessing/connection.py:recv_bytes < multiprocessing/queues.py:get < concurrent/futures/process.py:_process_worker`,
    'c:_multiprocessing.SemLock.__enter__ < multiprocessing/synchronize.py:__enter__ < multiprocessing/queues.py:get < concurrent/futures/process.py:_process_worker',
    'c:select.poll.poll < selectors.py:select < multiprocessing/connection.py:wait < concurrent/futures/process.py:wait_result_broken_or_wakeup < concurrent/futures/process.py:run',
    'c:select.poll.poll < selectors.py:select < multiprocessing/connection.py:wait < concurrent/futures/process.py:_queue_management_worker',
    `c:os.read < ${received} < multiprocessing/connection.py:recv_bytes < multiprocessing/queues.py:get < multiprocessing/pool.py:worker`,
    'c:_multiprocessing.SemLock.__enter__ < multiprocessing/synchronize.py:__enter__ < multiprocessing/queues.py:get < multiprocessing/pool.py:worker',
    // A pool of threads.
    'c:queue.SimpleQueue.get < multiprocessing/pool.py:worker < threading.py:run',
    'c:select.poll.poll < selectors.py:select < multiprocessing/connection.py:wait < multiprocessing/pool.py:_wait_for_updates < multiprocessing/pool.py:_handle_workers',
    'c:time.sleep < multiprocessing/pool.py:_wait_for_updates < multiprocessing/pool.py:_handle_workers',
    'c:queue.SimpleQueue.get < multiprocessing/pool.py:_handle_tasks < threading.py:run',
    'c:queue.SimpleQueue.get < multiprocessing/pool.py:_handle_results < threading.py:run',
    `c:os.read < ${received} < multiprocessing/connection.py:recv < multiprocessing/pool.py:_handle_results < threading.py:run`,
    'c:_thread.lock.acquire < threading.py:wait < multiprocessing/queues.py:_feed < threading.py:run',
    'c:io.BufferedReader.__next__ < multiprocessing/resource_tracker.py:main < <string>:<module>',
    'c:select.epoll.poll < selectors.py:select < multiprocessing/forkserver.py:main',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < multiprocessing/managers.py:serve_forever',
    'c:socket.socket._accept < socket.py:accept < multiprocessing/connection.py:accept < multiprocessing/connection.py:accept < multiprocessing/managers.py:accepter',
    `c:os.read < ${received} < multiprocessing/connection.py:recv < multiprocessing/managers.py:serve_client`,

    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < logging/handlers.py:dequeue < logging/handlers.py:_monitor',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < threading.py:run < threading.py:_bootstrap_inner',
    'c:_thread._shutdown < threading.py:_shutdown',
    'c:_thread.lock.acquire < threading.py:_wait_for_tstate_lock < threading.py:join < threading.py:_shutdown',
  ],
  busy: [
    'app.py:handle < SocketServer.py:__init__ < SocketServer.py:finish_request < SocketServer.py:serve_forever',
    'c:time.sleep < app.py:slow_route < socketserver.py:finish_request < socketserver.py:_handle_request_noblock < socketserver.py:serve_forever',
    'app.py:do_GET < http/server.py:handle_one_request < http/server.py:handle',
    'app.py:index < wsgiref/handlers.py:run < http/server.py:handle',
    'c:time.sleep < app.py:coroutine < asyncio/events.py:_run < asyncio/base_events.py:_run_once < asyncio/runners.py:run',
    'app.py:job < concurrent/futures/thread.py:run < concurrent/futures/thread.py:_worker',
    'app.py:job < concurrent/futures/process.py:_process_worker',
    'c:pickle.dumps < multiprocessing/queues.py:_feed',
    'app.py:job < multiprocessing/pool.py:mapstar < multiprocessing/pool.py:worker',
    'app.py:set_up < multiprocessing/spawn.py:prepare < multiprocessing/forkserver.py:main',
    '<string>:<lambda> < multiprocessing/resource_tracker.py:main',
    'app.py:method < multiprocessing/managers.py:serve_client',
    'c:io.TextIOWrapper.write < logging/handlers.py:handle < logging/handlers.py:_monitor',
    'app.py:late < threading.py:run < threading.py:_bootstrap_inner',
    // A program that waits for its own threads, data, sockets, children.
    'c:_thread.lock.acquire < threading.py:_wait_for_tstate_lock < threading.py:join < app.py:main',
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < app.py:main',
    'c:select.epoll.poll < selectors.py:select < app.py:main',
    'c:select.epoll.poll < my_selectors.py:select < socketserver.py:serve_forever',
    'c:os.waitpid < subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:call < app.py:main',
  ],
});
