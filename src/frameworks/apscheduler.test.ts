import { frameworkContract } from '../../tests/support/framework-contract.js';
import { apscheduler } from './apscheduler.js';

frameworkContract(apscheduler, {
  idle: [
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < apscheduler/schedulers/blocking.py:_main_loop < apscheduler/schedulers/blocking.py:start',
  ],
  busy: [
    'apscheduler/schedulers/base.py:_process_jobs < apscheduler/schedulers/blocking.py:_main_loop < apscheduler/schedulers/blocking.py:start',
  ],
});
