import { frameworkContract } from '../../tests/support/framework-contract.js';
import { sentry } from './sentry.js';

frameworkContract(sentry, {
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < sentry_sdk/_queue.py:get < sentry_sdk/worker.py:_target',
    'c:time.sleep < sentry_sdk/monitor.py:_thread',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < sentry_sdk/sessions.py:_thread',
  ],
  busy: [
    'c:_ssl._SSLSocket.write < ssl.py:send < urllib3/connection.py:request < sentry_sdk/transport.py:_send_request < sentry_sdk/worker.py:_target',
    'sentry_sdk/transport.py:is_healthy < sentry_sdk/monitor.py:check < sentry_sdk/monitor.py:run < sentry_sdk/monitor.py:_thread',
    'sentry_sdk/envelope.py:add_session < sentry_sdk/sessions.py:flush < sentry_sdk/sessions.py:_thread',
  ],
});
