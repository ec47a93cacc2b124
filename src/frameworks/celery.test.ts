import { frameworkContract } from '../../tests/support/framework-contract.js';
import { celery } from './celery.js';

frameworkContract(celery, {
  programs: [
    { command: 'python /bin/celery -A shop worker', ps: 'celery main process: shop' },
    {
      command: 'python -m celery -A shop worker',
      ps: 'celery worker: shop',
      below: ['python -m celery -A shop worker'],
    },
    { command: ['[celeryd: celery@host:MainProcess] -active- (worker)'], ps: 'celery main process' },
    { command: ['[celeryd: celery@host:ForkPoolWorker-1]'], ps: 'celery worker' },
    { command: 'python /bin/celery -A shop beat', ps: 'celery beat' },
    { command: ['[celery beat] -A shop beat'], ps: 'celery beat' },
    { command: 'python /bin/celery -A shop inspect active', ps: 'celery' },
  ],
  idle: [
    'c:select.epoll.poll < kombu/utils/eventio.py:poll < kombu/asynchronous/hub.py:create_loop < celery/worker/loops.py:asynloop',
    'c:time.sleep < kombu/transport/virtual/base.py:drain_events < kombu/connection.py:drain_events < celery/worker/loops.py:synloop',
    'c:_multiprocessing.SemLock.acquire < billiard/synchronize.py:__enter__ < billiard/queues.py:get_payload < billiard/pool.py:_recv < billiard/pool.py:recv < billiard/pool.py:wait_for_job',
    'c:os.read < billiard/connection.py:_recv < billiard/connection.py:_recv_bytes < billiard/connection.py:recv_bytes < billiard/queues.py:get_payload < billiard/pool.py:_recv < billiard/pool.py:wait_for_job',
    'c:select.poll.poll < billiard/connection.py:_poll < billiard/connection.py:wait < billiard/connection.py:_poll < billiard/connection.py:poll < billiard/pool.py:_poll_result < billiard/pool.py:body',
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < billiard/pool.py:body',
    'c:time.sleep < billiard/pool.py:body < threading.py:run',
    'c:time.sleep < celery/utils/timer2.py:run',
    'c:time.sleep < celery/beat.py:start < celery/apps/beat.py:start_scheduler',
  ],
  busy: [
    'kombu/transport/redis.py:on_readable < kombu/asynchronous/hub.py:create_loop < celery/worker/loops.py:asynloop',
    'kombu/transport/filesystem.py:_get < kombu/transport/virtual/base.py:_poll < kombu/transport/virtual/base.py:drain_events',
    'c:time.sleep < tasks.py:add < celery/app/trace.py:trace_task < billiard/pool.py:workloop',
    'celery/utils/timer2.py:_enter < celery/utils/timer2.py:run',
    'celery/beat.py:apply_async < celery/beat.py:tick < celery/beat.py:start',
    'c:pickle.loads < billiard/pool.py:_recv < billiard/pool.py:body',
  ],
});
