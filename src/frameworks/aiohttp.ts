import type { Framework } from './framework.js';

/** Its servers run in a loop of asyncio. */
export const aiohttp: Framework = {
  id: 'aiohttp',
  title: 'aiohttp',
  anchors: [
    {
      frame: 'aiohttp/web_protocol.py:_handle_request',
      route: [
        'request._match_info._route._resource._path',
        'request._match_info._route._resource._formatter',
      ],
      noRoute: 'request._match_info._exception',
      method: 'request._method',
      differs: 'start_time',
    },
  ],
  idleTasks: {
    which: 'a connection between two requests, the task that began the server',
    stacks: ['aiohttp/web_protocol.py:start', 'asyncio/tasks.py:sleep < aiohttp/web.py:_run_app'],
  },
  idle: {
    which: 'its servers with nothing ready',
    // With uvloop, whose loop has no frames of Python: a program by itself, and a worker of gunicorn.
    stacks: ['aiohttp/web.py:run_app', 'aiohttp/worker.py:run'],
  },
};
