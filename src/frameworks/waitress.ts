import { application, type Framework } from './framework.js';

export const waitress: Framework = {
  id: 'waitress',
  title: 'waitress',
  programs: [{ command: /^waitress(-serve)?$/, names: application }],
  requests: ['waitress/task.py:service'],
  anchors: [
    {
      ...{ frame: 'waitress/task.py:service', environ: 'self.environ' },
      ...{ differs: 'self.start_time', began: 'self.start_time' },
    },
  ],
  idle: {
    which: 'its loop, and threads between two requests',
    stacks: [
      'threading.py:wait < waitress/task.py:handler_thread',
      'waitress/wasyncore.py:poll < waitress/wasyncore.py:loop',
      'waitress/wasyncore.py:poll2 < waitress/wasyncore.py:loop',
    ],
  },
};
