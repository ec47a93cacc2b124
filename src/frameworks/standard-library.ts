import { type Framework, spawnedCode } from './framework.js';

/** Servers, event loops, pools and queues that come with Python. */
export const standardLibrary: Framework = {
  id: 'standard-library',
  title: 'Python itself',
  programs: [
    {
      id: 'multiprocessing-tracker',
      title: "multiprocessing's resource tracker",
      code: /^from multiprocessing\.(?:resource|semaphore)_tracker import/,
    },
    {
      id: 'multiprocessing',
      title: 'multiprocessing',
      code: spawnedCode,
      parent: 'multiprocessing-forkserver',
    },
    {
      id: 'multiprocessing-forkserver',
      title: "multiprocessing's fork server",
      code: /^from multiprocessing\.forkserver import/,
      childRole: 'worker',
    },
    { id: 'multiprocessing', title: 'multiprocessing', code: spawnedCode, role: 'worker' },
    { id: 'unittest', title: 'unittest', command: /^unittest$/ },
    { id: 'http.server', title: "Python's web server", command: /^http\.server$/ },
  ],
  requests: ['wsgiref/handlers.py:run'],
  anchors: [
    { frame: 'wsgiref/handlers.py:run', environ: 'self.environ' },
    { frame: 'concurrent/futures/thread.py:run', future: 'self.future' },
  ],
  idleTasks: {
    which: 'a server of streams, or a loop of your own, that accepts connections',
    stacks: ['asyncio/base_events.py:serve_forever', 'asyncio/selector_events.py:sock_accept'],
  },
  idle: {
    which:
      'servers (`socketserver`, `http.server`) between two requests; an asyncio loop, with uvloop too, with nothing ready; workers and helper threads of `ThreadPoolExecutor`, `ProcessPoolExecutor` and `multiprocessing`; log listeners; timers that are not due; a main thread that waits at the end for the other threads',
    stacks: [
      'selectors.py:select < socketserver.py:serve_forever',
      'socket.py:readinto < http/server.py:handle_one_request',
      // Python 2.
      'SocketServer.py:_eintr_retry < SocketServer.py:serve_forever',

      'selectors.py:select < asyncio/base_events.py:_run_once',
      // The loop of uvloop has no frames of Python.
      'asyncio/runners.py:run',

      'concurrent/futures/thread.py:_worker',
      'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv_bytes < multiprocessing/queues.py:get < concurrent/futures/process.py:_process_worker',
      'multiprocessing/synchronize.py:__enter__ < multiprocessing/queues.py:get < concurrent/futures/process.py:_process_worker',
      'selectors.py:select < multiprocessing/connection.py:wait < concurrent/futures/process.py:wait_result_broken_or_wakeup',
      'selectors.py:select < multiprocessing/connection.py:wait < concurrent/futures/process.py:_queue_management_worker',
      'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv_bytes < multiprocessing/queues.py:get < multiprocessing/pool.py:worker',
      'multiprocessing/synchronize.py:__enter__ < multiprocessing/queues.py:get < multiprocessing/pool.py:worker',
      'multiprocessing/pool.py:worker',
      'selectors.py:select < multiprocessing/connection.py:wait < multiprocessing/pool.py:_wait_for_updates',
      'multiprocessing/pool.py:_wait_for_updates',
      'multiprocessing/pool.py:_handle_tasks',
      // Up to 3.7.
      'multiprocessing/pool.py:_handle_workers',
      // Python 2.
      'threading.py:wait < Queue.py:get < multiprocessing/pool.py:_handle_tasks',
      'multiprocessing/queues.py:get < multiprocessing/pool.py:worker',
      'multiprocessing/pool.py:_handle_results',
      'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < multiprocessing/pool.py:_handle_results',
      'threading.py:wait < multiprocessing/queues.py:_feed',
      'multiprocessing/resource_tracker.py:main',
      'selectors.py:select < multiprocessing/forkserver.py:main',
      'threading.py:wait < threading.py:wait < multiprocessing/managers.py:serve_forever',
      'socket.py:accept < multiprocessing/connection.py:accept < multiprocessing/connection.py:accept < multiprocessing/managers.py:accepter',
      'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < multiprocessing/managers.py:serve_client',

      'threading.py:wait < queue.py:get < logging/handlers.py:dequeue',
      // `Timer.run` calls `Event.wait`.
      'threading.py:wait < threading.py:wait < threading.py:run',
      'threading.py:_shutdown',
      'threading.py:_wait_for_tstate_lock < threading.py:join < threading.py:_shutdown',
      // Python 2.
      'threading.py:wait < threading.py:join < threading.py:_exitfunc',
    ],
  },
};
