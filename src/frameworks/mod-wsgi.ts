import type { Framework } from './framework.js';

export const modWsgi: Framework = {
  id: 'mod-wsgi',
  title: 'mod_wsgi',
  programs: [{ id: 'mod_wsgi', command: /^(apache2|httpd|mod_wsgi-express)$/ }],
};
