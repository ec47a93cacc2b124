import { frameworkContract } from '../../tests/support/framework-contract.js';
import { spark } from './spark.js';

frameworkContract(spark, {
  programs: [{ command: 'python3 -m pyspark.daemon', ps: 'PySpark worker' }],
});
