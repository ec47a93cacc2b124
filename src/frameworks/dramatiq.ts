import type { Framework } from './framework.js';

export const dramatiq: Framework = {
  id: 'dramatiq',
  title: 'dramatiq',
  programs: [{ command: /^dramatiq$/, role: 'main process', childRole: 'worker' }],
};
