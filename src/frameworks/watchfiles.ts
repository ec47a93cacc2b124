import type { Framework } from './framework.js';

/** Looks for changed files, for uvicorn and FastAPI among others. */
export const watchfiles: Framework = {
  id: 'watchfiles',
  title: 'watchfiles',
  idle: { which: 'its look for changed files', stacks: ['watchfiles/main.py:watch'] },
};
