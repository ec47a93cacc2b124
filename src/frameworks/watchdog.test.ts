import { frameworkContract } from '../../tests/support/framework-contract.js';
import { watchdog } from './watchdog.js';

frameworkContract(watchdog, {
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < queue.py:get < watchdog/observers/api.py:dispatch_events < watchdog/observers/api.py:run',
    'c:_thread.lock.acquire < threading.py:wait < watchdog/utils/delayed_queue.py:get < watchdog/observers/inotify_buffer.py:read_event',
    'c:select.poll.poll < watchdog/observers/inotify_c.py:_check_inotify_fd < watchdog/observers/inotify_c.py:read_events',
    'c:os.read < watchdog/observers/inotify_c.py:read_events < watchdog/observers/inotify_buffer.py:run',
  ],
  busy: [
    'app.py:on_modified < watchdog/events.py:dispatch < watchdog/observers/api.py:dispatch_events < watchdog/observers/api.py:run',
    'c:time.time < watchdog/utils/delayed_queue.py:put < watchdog/observers/inotify_buffer.py:run',
    'c:struct.unpack_from < watchdog/observers/inotify_c.py:_parse_event_buffer < watchdog/observers/inotify_c.py:read_events',
  ],
});
