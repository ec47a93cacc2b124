import type { Framework } from './framework.js';

/** The server of CherryPy. */
export const cheroot: Framework = {
  id: 'cheroot',
  title: 'cheroot',
  requests: ['cheroot/server.py:respond'],
  idle: {
    which: 'its loop, and threads between two requests',
    stacks: [
      'threading.py:wait < queue.py:get < cheroot/workers/threadpool.py:run',
      'threading.py:wait < queue.py:get < cheroot/workers/threadpool.py:_process_connections_until_interrupted',
      'threading.py:wait < queue.py:get < cheroot/server.py:_serve_unservicable',
      'selectors.py:select < cheroot/connections.py:select',
      // Up to 8.2 at least.
      'cheroot/connections.py:get_conn',
    ],
  },
};
