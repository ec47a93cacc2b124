import { frameworkContract } from '../../tests/support/framework-contract.js';
import { gunicorn } from './gunicorn.js';

frameworkContract(gunicorn, {
  programs: [
    { command: 'python /bin/gunicorn -b 127.0.0.1:80 shop.wsgi:app', ps: 'gunicorn arbiter: shop.wsgi:app' },
    {
      command: 'python /bin/gunicorn shop:app',
      ps: 'gunicorn worker: shop:app',
      below: ['python /bin/gunicorn shop:app'],
    },
    { command: 'python -m gunicorn shop:create()', ps: 'gunicorn arbiter: shop:create()' },
    { command: ['gunicorn: master [shop:app]', '', ''], ps: 'gunicorn arbiter: shop:app' },
    { command: ['gunicorn: worker [shop:app]'], ps: 'gunicorn worker: shop:app' },
  ],
  idleTasks: [
    'gevent/hub.py:sleep < gunicorn/workers/ggevent.py:run < gunicorn/workers/base.py:init_process',
  ],
  idle: [
    'c:select.select < gunicorn/arbiter.py:sleep < gunicorn/arbiter.py:run',
    'c:queue.SimpleQueue.get < gunicorn/arbiter.py:wait_for_signals < gunicorn/arbiter.py:run',
    'c:select.select < gunicorn/workers/sync.py:wait < gunicorn/workers/sync.py:run_for_one < gunicorn/workers/sync.py:run',
    'c:select.epoll.poll < selectors.py:select < gunicorn/workers/gthread.py:run < gunicorn/workers/base.py:init_process',
    'c:select.epoll.poll < selectors.py:select < gunicorn/workers/gthread.py:wait_for_and_dispatch_events < gunicorn/workers/gthread.py:run',
    'c:uvloop.loop.Loop.run_until_complete < gunicorn/workers/gasgi.py:run < gunicorn/workers/base.py:init_process',
    'c:time.sleep < gunicorn/reloader.py:run < threading.py:_bootstrap_inner',
  ],
  busy: [
    'gunicorn/workers/workertmp.py:last_update < gunicorn/arbiter.py:murder_workers < gunicorn/arbiter.py:run',
    'app.py:index < gunicorn/workers/sync.py:handle_request < gunicorn/workers/sync.py:handle < gunicorn/workers/sync.py:accept',
    'c:time.sleep < app.py:index < gunicorn/workers/gthread.py:handle_request < gunicorn/workers/gthread.py:handle',
    'app.py:index < gunicorn/workers/base_async.py:handle_request < gunicorn/workers/base_async.py:handle',
    'c:time.sleep < app.py:app < gunicorn/workers/gasgi.py:run < gunicorn/workers/gasgi.py:init_process',
    'c:posix.stat < genericpath.py:getmtime < gunicorn/reloader.py:run',
  ],
});
