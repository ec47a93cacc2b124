import type { Framework } from './framework.js';

export const debugpy: Framework = {
  id: 'debugpy',
  title: 'debugpy',
  programs: [{ command: /^debugpy(\..*)?$/ }],
};
