import { frameworkContract } from '../../tests/support/framework-contract.js';
import { pytest } from './pytest.js';

frameworkContract(pytest, {
  programs: [
    { command: 'python -m pytest -n 2', ps: 'pytest' },
    {
      command: ['/usr/bin/python', '-u', '-c', 'import sys;exec(eval(sys.stdin.readline()))'],
      ps: 'pytest-xdist worker',
      below: ['python -m pytest -n 2'],
    },
  ],
});
