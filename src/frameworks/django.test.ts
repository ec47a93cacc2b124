import { frameworkContract } from '../../tests/support/framework-contract.js';
import { django } from './django.js';

const marks = ['RUN_MAIN=true'];

frameworkContract(django, {
  programs: [
    { command: 'python manage.py runserver', ps: 'Django runserver reloader', childMarks: marks },
    {
      command: 'python manage.py runserver',
      ps: 'Django runserver, serving',
      marks,
      below: ['python manage.py runserver'],
    },
    { command: 'python manage.py runserver --noreload', ps: 'Django runserver' },
    { command: 'python manage.py migrate', ps: 'Django: migrate' },
    { command: 'python -m django check', ps: 'Django: check' },
    // As django-extensions runs it, with Werkzeug.
    {
      command: 'python manage.py runserver_plus',
      ps: 'Django: runserver_plus',
      marks: ['WERKZEUG_RUN_MAIN=true'],
    },
  ],
  idle: [
    'c:os.waitpid < subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:communicate < subprocess.py:run < django/utils/autoreload.py:restart_with_reloader < django/utils/autoreload.py:run_with_reloader',
    'c:time.sleep < django/utils/autoreload.py:tick < django/utils/autoreload.py:run_loop',
  ],
  busy: [
    'c:posix.stat < pathlib.py:stat < django/utils/autoreload.py:snapshot_files < django/utils/autoreload.py:tick < django/utils/autoreload.py:run_loop',
    'views.py:index < django/core/handlers/base.py:_get_response < django/core/handlers/wsgi.py:__call__ < wsgiref/handlers.py:run',
  ],
});
