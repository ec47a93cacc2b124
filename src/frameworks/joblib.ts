import type { Framework } from './framework.js';

export const joblib: Framework = {
  id: 'joblib',
  title: 'joblib worker',
  programs: [{ id: 'loky', command: /^joblib\.externals\.loky\./ }],
};
