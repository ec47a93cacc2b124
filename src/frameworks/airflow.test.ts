import { frameworkContract } from '../../tests/support/framework-contract.js';
import { airflow } from './airflow.js';

frameworkContract(airflow, {
  programs: [{ command: 'python /bin/airflow scheduler', ps: 'Airflow: scheduler' }],
});
