import type { Framework } from './framework.js';

export const rq: Framework = {
  id: 'rq',
  title: 'RQ',
  programs: [{ title: 'RQ worker', command: /^rqworker$|^rq$/, childRole: 'job' }],
};
