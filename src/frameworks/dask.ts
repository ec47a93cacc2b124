import type { Framework } from './framework.js';

export const dask: Framework = {
  id: 'dask',
  title: 'Dask',
  programs: [{ command: /^(dask|dask-worker|dask-scheduler)$/, names: /^(\S+)/ }],
};
