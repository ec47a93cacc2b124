import type { Framework } from './framework.js';

export const pip: Framework = {
  id: 'pip',
  title: 'pip',
  programs: [{ command: /^(pip[\d.]*|pip\._internal)$/, names: /^(\S+)/ }],
};
