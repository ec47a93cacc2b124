import { frameworkContract } from '../../tests/support/framework-contract.js';
import { watchfiles } from './watchfiles.js';

frameworkContract(watchfiles, {
  idle: [
    'c:RustNotify.watch < watchfiles/main.py:watch < c:builtins.next < uvicorn/supervisors/watchfilesreload.py:should_restart',
  ],
  busy: ['app.py:only_sources < watchfiles/main.py:_prep_changes < watchfiles/main.py:watch'],
});
