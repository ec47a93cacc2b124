import type { Framework } from './framework.js';

export const airflow: Framework = {
  id: 'airflow',
  title: 'Airflow',
  programs: [{ command: /^airflow$/, names: /^(\S+)/ }],
};
