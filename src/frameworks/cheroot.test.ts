import { frameworkContract } from '../../tests/support/framework-contract.js';
import { cheroot } from './cheroot.js';

frameworkContract(cheroot, {
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < cheroot/workers/threadpool.py:run',
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < cheroot/workers/threadpool.py:_process_connections_until_interrupted < cheroot/workers/threadpool.py:run',
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < cheroot/server.py:_serve_unservicable',
    'c:select.epoll.poll < selectors.py:select < cheroot/connections.py:select < cheroot/connections.py:_run',
    'c:select.select < cheroot/connections.py:get_conn < cheroot/server.py:tick',
  ],
  busy: [
    'app.py:index < cheroot/wsgi.py:respond < cheroot/server.py:respond < cheroot/server.py:communicate < cheroot/workers/threadpool.py:run',
    'c:socket.socket.accept < socket.py:accept < cheroot/connections.py:_from_server_socket < cheroot/connections.py:_run',
  ],
});
