import { application, type Framework } from './framework.js';

export const daphne: Framework = {
  id: 'daphne',
  title: 'daphne',
  programs: [{ command: /^daphne$/, names: application }],
};
