import type { Framework } from './framework.js';

export const pytest: Framework = {
  id: 'pytest',
  title: 'pytest',
  programs: [
    {
      id: 'pytest-xdist',
      title: 'pytest-xdist worker',
      code: /^import sys;\s*exec\(eval\(sys\.stdin\.readline\(\)\)\)/,
    },
    { command: /^(pytest|py\.test)$/, childRole: 'child' },
  ],
};
