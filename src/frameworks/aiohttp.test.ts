import { frameworkContract } from '../../tests/support/framework-contract.js';
import { aiohttp } from './aiohttp.js';

frameworkContract(aiohttp, {
  idleTasks: ['aiohttp/web_protocol.py:start', 'asyncio/tasks.py:sleep < aiohttp/web.py:_run_app'],
  idle: [
    'c:select.epoll.poll < selectors.py:select < asyncio/base_events.py:_run_once < asyncio/base_events.py:run_forever < asyncio/base_events.py:run_until_complete < aiohttp/web.py:run_app',
    'c:uvloop.loop.Loop.run_until_complete < aiohttp/web.py:run_app',
    'c:uvloop.loop.Loop.run_until_complete < aiohttp/worker.py:run < gunicorn/workers/base.py:init_process',
  ],
  busy: [
    'c:time.sleep < app.py:handler < aiohttp/web_app.py:_handle < aiohttp/web_protocol.py:start < aiohttp/web.py:run_app',
    'c:time.sleep < app.py:handler < aiohttp/web_app.py:_handle < aiohttp/web_protocol.py:start < aiohttp/worker.py:run',
  ],
});
