import { frameworkContract } from '../../tests/support/framework-contract.js';
import { waitress } from './waitress.js';

frameworkContract(waitress, {
  programs: [{ command: 'python /bin/waitress-serve --port=8041 shop:app', ps: 'waitress: shop:app' }],
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < waitress/task.py:handler_thread < threading.py:run',
    'c:select.select < waitress/wasyncore.py:poll < waitress/wasyncore.py:loop < waitress/server.py:run',
    'c:select.poll.poll < waitress/wasyncore.py:poll2 < waitress/wasyncore.py:loop < waitress/server.py:run',
  ],
  busy: [
    'c:time.sleep < app.py:index < waitress/task.py:execute < waitress/task.py:service < waitress/channel.py:service < waitress/task.py:handler_thread',
    'c:socket.socket.recv < waitress/wasyncore.py:recv < waitress/channel.py:handle_read < waitress/wasyncore.py:poll < waitress/wasyncore.py:loop',
  ],
});
