import type { Framework } from './framework.js';

export const ray: Framework = {
  id: 'ray',
  title: 'Ray',
  programs: [{ title: 'Ray worker', renamed: /^ray::/ }, { command: /^(ray|default_worker)$/ }],
};
