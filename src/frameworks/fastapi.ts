import { type Framework, spawnedCode } from './framework.js';

export const fastapi: Framework = {
  id: 'fastapi',
  title: 'FastAPI',
  programs: [
    { code: spawnedCode, parent: 'fastapi', childRole: 'worker' },
    {
      command: /^fastapi$/,
      args: /^dev( |$)/,
      role: 'reloader',
      childRole: 'serving',
      names: / (\S+\.py)/,
    },
    { command: /^fastapi$/, role: 'serving', childRole: 'worker', names: / (\S+\.py)/ },
  ],
};
