import type { Framework } from './framework.js';

/** What its reloader sets in the process that serves. */
export const servesWerkzeug = 'WERKZEUG_RUN_MAIN=true';

/** The development server of Flask and others. It waits as the standard library's server does. */
export const werkzeug: Framework = {
  id: 'werkzeug',
  title: 'Werkzeug',
  reloader: 'werkzeug/_reloader.py:restart_with_reloader',
  requests: ['werkzeug/serving.py:run_wsgi'],
  // Each connection has one request, and a port of its own.
  anchors: [{ frame: 'werkzeug/serving.py:run_wsgi', environ: 'environ', differs: 'self.client_address[1]' }],
  idle: {
    which: 'the reloader, and its look for changed files',
    stacks: [
      'subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:call < werkzeug/_reloader.py:restart_with_reloader',
      // Python 3.6
      'subprocess.py:_try_wait < subprocess.py:wait < subprocess.py:call < werkzeug/_reloader.py:restart_with_reloader',
      'werkzeug/_reloader.py:run < werkzeug/_reloader.py:run_with_reloader',
      // With watchdog.
      'threading.py:wait < threading.py:wait < werkzeug/_reloader.py:run',
    ],
  },
};
