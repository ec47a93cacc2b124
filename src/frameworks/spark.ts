import type { Framework } from './framework.js';

export const spark: Framework = {
  id: 'spark',
  title: 'PySpark worker',
  programs: [{ command: /^pyspark\.(daemon|worker)$/ }],
};
