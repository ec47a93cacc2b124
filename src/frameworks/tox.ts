import type { Framework } from './framework.js';

export const tox: Framework = { id: 'tox', title: 'tox', programs: [{ command: /^(tox|nox)$/ }] };
