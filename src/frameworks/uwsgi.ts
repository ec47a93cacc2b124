import type { Framework } from './framework.js';

export const uwsgi: Framework = {
  id: 'uwsgi',
  title: 'uWSGI',
  programs: [{ command: /^uwsgi$/, role: 'master', childRole: 'worker', ownName: true }],
};
