import type { Framework } from './framework.js';

const command = /^(manage|django-admin|django)$/;

export const django: Framework = {
  id: 'django',
  title: 'Django',
  programs: [
    {
      id: 'django-runserver',
      title: 'Django runserver',
      command,
      args: /^runserver( |$)/,
      servesWith: 'RUN_MAIN=true',
    },
    { command, names: /^(\S+)/ },
  ],
  reloader: 'django/utils/autoreload.py:restart_with_reloader',
  requests: ['django/core/handlers/wsgi.py:__call__'],
  anchors: [
    {
      frame: 'django/core/handlers/wsgi.py:__call__',
      environ: 'environ',
      route: 'request.resolver_match.route',
      noRoute: 'response',
    },
    // `__call__` up to 3.2, which later only calls `handle`.
    ...['__call__', 'handle'].map((name) => ({
      frame: `django/core/handlers/asgi.py:${name}`,
      scope: 'scope',
      route: 'request.resolver_match.route',
      noRoute: 'response',
    })),
  ],
  idle: {
    which: 'the reloader of `runserver`, and its look for changed files',
    stacks: [
      'subprocess.py:_try_wait < subprocess.py:_wait < subprocess.py:wait < subprocess.py:communicate < subprocess.py:run < django/utils/autoreload.py:restart_with_reloader',
      'django/utils/autoreload.py:tick',
    ],
  },
};
