import { emptyStack, type FunctionInfo, type Profile } from '../model/profile.js';

/**
 * What a parked thread looks like: one that waits for work with nothing in hand. Innermost frame first, each
 * `end of the file's path:co_name`, the frames directly under one another; what lies further out does not matter.
 * The innermost frame is the one that calls the C function that waits, so while it runs Python of its own it is
 * not innermost. A wait inside a request or inside the user's own code matches none of these.
 */
const patterns = [
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
  'selectors.py:select < cheroot/connections.py:select',
  'kombu/utils/eventio.py:poll < kombu/asynchronous/hub.py:create_loop',

  // Event loops with nothing ready. The second is uvloop, whose loop has no Python frames; the third gevent's hub.
  'selectors.py:select < asyncio/base_events.py:_run_once',
  'asyncio/runners.py:run',
  'gevent/hub.py:run',

  // Reloaders: the parent that waits for its child, and the thread that looks for changed files between two looks.
  'subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:call < werkzeug/_reloader.py:restart_with_reloader',
  'werkzeug/_reloader.py:run < werkzeug/_reloader.py:run_with_reloader',
  'subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:communicate < subprocess.py:run < django/utils/autoreload.py:restart_with_reloader',
  'django/utils/autoreload.py:tick',
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
  'multiprocessing/resource_tracker.py:main',
  'threading.py:wait < multiprocessing/queues.py:_feed',
  'threading.py:wait < queue.py:get < logging/handlers.py:dequeue',
  'threading.py:wait < threading.py:wait < apscheduler/schedulers/blocking.py:_main_loop',
  'threading.py:wait < sentry_sdk/_queue.py:get < sentry_sdk/worker.py:_target',
  'sentry_sdk/monitor.py:_thread',
  'threading.py:wait < threading.py:wait < sentry_sdk/sessions.py:_thread',

  // A timer that is not due (`Timer.run` calls `Event.wait`), and a main thread whose program has ended.
  'threading.py:wait < threading.py:wait < threading.py:run',
  'threading.py:_shutdown',
  'threading.py:_wait_for_tstate_lock < threading.py:join < threading.py:_shutdown',
].map((line) => line.split(' < ').map(parseFrame));

interface PatternFrame {
  readonly file: string;
  readonly name: string;
}

const byInnermostName = new Map<string, (typeof patterns)[number][]>();
for (const pattern of patterns) {
  const name = pattern[0]!.name;
  byInnermostName.set(name, [...(byInnermostName.get(name) ?? []), pattern]);
}

/** Per profile, one answer per stack: 0 not asked yet, 1 no, 2 yes. */
const answers = new WeakMap<Profile, Int8Array>();

/** Whether the thread that has this stack waits for work with nothing in hand. The empty stack counts as such. */
export function isParked(profile: Profile, stack: number): boolean {
  let known = answers.get(profile);
  if (known === undefined || stack >= known.length) {
    // The profile may still be growing.
    const larger = new Int8Array(Math.max(profile.stacks.frame.length, stack + 1) * 2);
    if (known !== undefined) larger.set(known);
    known = larger;
    answers.set(profile, known);
  }
  if (known[stack] === 0) known[stack] = looksParked(profile, stack) ? 2 : 1;
  return known[stack] === 2;
}

function looksParked(profile: Profile, stack: number): boolean {
  let innermost = stack;
  let fn = functionAt(profile, innermost);
  // The C function that waits, where it is known by name.
  while (fn?.kind === 'c') {
    innermost = profile.stacks.parent.at(innermost);
    fn = functionAt(profile, innermost);
  }
  if (fn === undefined) return stack === emptyStack;
  const candidates = byInnermostName.get(fn.name);
  return candidates?.some((pattern) => matches(profile, innermost, pattern)) ?? false;
}

function matches(profile: Profile, innermost: number, pattern: readonly PatternFrame[]): boolean {
  let stack = innermost;
  for (const wanted of pattern) {
    const fn = functionAt(profile, stack);
    if (fn === undefined || fn.name !== wanted.name || !isFile(fn.file, wanted.file)) return false;
    stack = profile.stacks.parent.at(stack);
  }
  return true;
}

/** The function of a stack's innermost frame; nothing for the empty stack. */
function functionAt(profile: Profile, stack: number): FunctionInfo | undefined {
  if (stack === emptyStack) return undefined;
  return profile.functions[profile.frames.function.at(profile.stacks.frame.at(stack))];
}

function isFile(file: string, ending: string): boolean {
  return (
    file.endsWith(ending) && (file.length === ending.length || file[file.length - ending.length - 1] === '/')
  );
}

function parseFrame(text: string): PatternFrame {
  const colon = text.lastIndexOf(':');
  return { file: text.slice(0, colon), name: text.slice(colon + 1) };
}
