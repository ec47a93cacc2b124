import type { Framework } from './framework.js';

export const bottle: Framework = {
  id: 'bottle',
  title: 'Bottle',
  requests: ['bottle.py:wsgi'],
};
