import { frameworkContract } from '../../tests/support/framework-contract.js';
import { werkzeug } from './werkzeug.js';

frameworkContract(werkzeug, {
  idle: [
    'c:os.waitpid < subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:call < werkzeug/_reloader.py:restart_with_reloader < werkzeug/_reloader.py:run_with_reloader',
    'c:os.waitpid < subprocess.py:_try_wait < subprocess.py:wait < subprocess.py:call < werkzeug/_reloader.py:restart_with_reloader < werkzeug/_reloader.py:run_with_reloader',
    'c:time.sleep < werkzeug/_reloader.py:run < werkzeug/_reloader.py:run_with_reloader < werkzeug/serving.py:run_simple',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < werkzeug/_reloader.py:run < werkzeug/_reloader.py:run_with_reloader',
  ],
  busy: [
    'c:posix.stat < werkzeug/_reloader.py:run_step < werkzeug/_reloader.py:run < werkzeug/_reloader.py:run_with_reloader',
    'app.py:index < werkzeug/serving.py:execute < werkzeug/serving.py:run_wsgi < werkzeug/serving.py:handle_one_request',
  ],
});
