import type { Framework } from './framework.js';
import { awaitsRedis } from './redis.js';

export const rq: Framework = {
  id: 'rq',
  title: 'RQ',
  anchors: ['rq/worker.py', 'rq/worker/base.py'].map((file) => ({
    frame: `${file}:perform_job`,
    job: 'job._func_name',
    differs: 'job._id',
  })),
  programs: [{ title: 'RQ worker', command: /^rqworker$|^rq$/, childRole: 'job' }],
  idle: {
    which: 'a worker without a job',
    stacks: [...awaitsRedis('rq/queue.py:lpop'), ...awaitsRedis('rq/queue.py:lmove')],
  },
};
