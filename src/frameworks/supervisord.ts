import type { Framework } from './framework.js';

export const supervisord: Framework = {
  id: 'supervisord',
  title: 'supervisord',
  programs: [{ command: /^supervisord$/ }],
};
