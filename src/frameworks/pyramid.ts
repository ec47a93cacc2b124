import type { Framework } from './framework.js';

export const pyramid: Framework = {
  id: 'pyramid',
  title: 'Pyramid',
  requests: ['pyramid/router.py:__call__'],
};
