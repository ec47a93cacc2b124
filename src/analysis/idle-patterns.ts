/**
 * What an idle thread looks like: one that waits for work. Innermost frame first, each `end of the file's path:function`, the frames of
 * Python directly under one another; outer frames do not matter.
 * The innermost frame is the one that calls the C function that waits, so while it runs Python of its own it is
 * not innermost. A wait inside a request or inside application code matches none of these. docs/idle.md is for users.
 */
export const idlePatterns: readonly string[] = [
  // Servers between two requests.
  'selectors.py:select < socketserver.py:serve_forever',
  'socket.py:readinto < http/server.py:handle_one_request',
  'gunicorn/workers/sync.py:wait',
  'selectors.py:select < gunicorn/workers/gthread.py:run',
  'selectors.py:select < gunicorn/workers/gthread.py:wait_for_and_dispatch_events',
  'gunicorn/arbiter.py:sleep',
  'gunicorn/arbiter.py:wait_for_signals',
  'threading.py:wait < waitress/task.py:handler_thread',
  'waitress/wasyncore.py:poll < waitress/wasyncore.py:loop',
  'waitress/wasyncore.py:poll2 < waitress/wasyncore.py:loop',
  'threading.py:wait < queue.py:get < cheroot/workers/threadpool.py:run',
  'threading.py:wait < queue.py:get < cheroot/workers/threadpool.py:_process_connections_until_interrupted',
  'threading.py:wait < queue.py:get < cheroot/server.py:_serve_unservicable',
  'selectors.py:select < cheroot/connections.py:select',
  'threading.py:wait < threading.py:wait < uvicorn/supervisors/multiprocess.py:run',
  'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < uvicorn/supervisors/multiprocess.py:pong',
  'selectors.py:select < multiprocessing/connection.py:wait < hypercorn/run.py:run',

  // Event loops with nothing ready. The second is uvloop, whose loop has no Python frames; the others the hubs of gevent and eventlet.
  'selectors.py:select < asyncio/base_events.py:_run_once',
  'asyncio/runners.py:run',
  'gevent/hub.py:run',
  'eventlet/hubs/epolls.py:do_poll < eventlet/hubs/poll.py:wait',

  // Reloaders: the parent that waits for its child, and the thread that looks for changed files between two looks.
  'subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:call < werkzeug/_reloader.py:restart_with_reloader',
  'werkzeug/_reloader.py:run < werkzeug/_reloader.py:run_with_reloader',
  'subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:communicate < subprocess.py:run < django/utils/autoreload.py:restart_with_reloader',
  'django/utils/autoreload.py:tick',
  'gunicorn/reloader.py:run',
  'threading.py:wait < threading.py:wait < uvicorn/supervisors/basereload.py:pause',
  'threading.py:wait < queue.py:get < watchdog/observers/api.py:dispatch_events',
  'threading.py:wait < watchdog/utils/delayed_queue.py:get',
  'watchdog/observers/inotify_c.py:_check_inotify_fd',
  'watchdog/observers/inotify_c.py:read_events',

  // Workers of pools, and the threads that feed them.
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
  'multiprocessing/pool.py:_handle_results',
  'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < multiprocessing/pool.py:_handle_results',
  'threading.py:wait < multiprocessing/queues.py:_feed',
  'multiprocessing/resource_tracker.py:main',
  'selectors.py:select < multiprocessing/forkserver.py:main',
  'threading.py:wait < threading.py:wait < multiprocessing/managers.py:serve_forever',
  'socket.py:accept < multiprocessing/connection.py:accept < multiprocessing/connection.py:accept < multiprocessing/managers.py:accepter',
  'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < multiprocessing/managers.py:serve_client',
  'threading.py:wait < queue.py:get < logging/handlers.py:dequeue',
  'threading.py:wait < threading.py:wait < apscheduler/schedulers/blocking.py:_main_loop',
  'threading.py:wait < sentry_sdk/_queue.py:get < sentry_sdk/worker.py:_target',
  'sentry_sdk/monitor.py:_thread',
  'threading.py:wait < threading.py:wait < sentry_sdk/sessions.py:_thread',

  // Celery: workers without a task, the threads of their parent, and the beat between two ticks.
  'kombu/utils/eventio.py:poll < kombu/asynchronous/hub.py:create_loop',
  'kombu/transport/virtual/base.py:drain_events',
  'billiard/synchronize.py:__enter__ < billiard/queues.py:get_payload < billiard/pool.py:_recv',
  'billiard/connection.py:_recv < billiard/connection.py:_recv_bytes < billiard/connection.py:recv_bytes < billiard/queues.py:get_payload < billiard/pool.py:_recv',
  'billiard/connection.py:_poll < billiard/connection.py:wait < billiard/connection.py:_poll < billiard/connection.py:poll < billiard/pool.py:_poll_result',
  'threading.py:wait < queue.py:get < billiard/pool.py:body',
  'billiard/pool.py:body',
  'celery/utils/timer2.py:run',
  'celery/beat.py:start',

  // Kernels of Jupyter while no cell runs: their event loops are asyncio's, what else they have are threads that help. Another frame is
  // innermost up to pyzmq 25, where `device` is written in C.
  'zmq/sugar/__init__.py:device < ipykernel/heartbeat.py:run',
  'ipykernel/heartbeat.py:run',
  'ipykernel/iostream.py:_watch_pipe_fd',
  'ipykernel/parentpoller.py:run',
  'threading.py:wait < threading.py:wait < IPython/core/history.py:run',
  'zmq/utils/garbage.py:run',

  // A timer that is not due (`Timer.run` calls `Event.wait`), and a main thread whose program has ended.
  'threading.py:wait < threading.py:wait < threading.py:run',
  'threading.py:_shutdown',
  'threading.py:_wait_for_tstate_lock < threading.py:join < threading.py:_shutdown',
];
