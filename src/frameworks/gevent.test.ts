import { frameworkContract } from '../../tests/support/framework-contract.js';
import { gevent } from './gevent.js';

frameworkContract(gevent, {
  idle: [
    'c:gevent.libev.corecext.loop.run < gevent/hub.py:run',
    'c:_thread.lock.acquire < gevent/_threading.py:wait < gevent/_threading.py:get < gevent/threadpool.py:run',
    'c:_thread.lock.acquire < gevent/_threading.py:acquire_with_timeout < gevent/_threading.py:wait < gevent/_threading.py:get < gevent/threadpool.py:run',
  ],
  idleTasks: [
    'gevent/baseserver.py:serve_forever < gv_srv.py:<module>',
    'gevent/_socketcommon.py:recv_into < socket.py:readinto < gevent/pywsgi.py:read_requestline < gevent/pywsgi.py:handle_one_request',
    'gevent/threadpool.py:_begin',
  ],
  busy: [
    'app.py:done < gevent/hub.py:run',
    'c:socket.getaddrinfo < gevent/threadpool.py:__run_task < gevent/threadpool.py:run',
    // A program that waits for what a thread of it puts into a queue.
    'c:_thread.lock.acquire < gevent/_threading.py:wait < gevent/_threading.py:get < app.py:main',
  ],
});
