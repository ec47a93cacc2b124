import { type Framework, spawnedCode } from './framework.js';

/** With Starlette, which it is made of, and the threads that run its plain functions. */
export const fastapi: Framework = {
  id: 'fastapi',
  title: 'FastAPI',
  anchors: [
    { frame: 'starlette/routing.py:handle', scope: 'scope', route: 'self.path' },
    { frame: 'anyio/_backends/_asyncio.py:run', future: 'future' },
  ],
  scopeRoute: "['route'].path",
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
