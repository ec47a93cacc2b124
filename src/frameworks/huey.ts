import type { Framework } from './framework.js';

export const huey: Framework = {
  id: 'huey',
  title: 'huey',
  programs: [{ command: /^huey_consumer$/, role: 'main process', childRole: 'worker' }],
};
