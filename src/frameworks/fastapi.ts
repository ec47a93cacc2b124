import { type Framework, spawnedCode } from './framework.js';

/** With Starlette, which it is made of, and the threads that run its plain functions. */
export const fastapi: Framework = {
  id: 'fastapi',
  title: 'FastAPI',
  anchors: [
    { frame: 'starlette/routing.py:handle', scope: 'scope', route: 'self.path', leaf: 'self.endpoint' },
    // Routes of an included router have their whole path only in the scope.
    { frame: 'fastapi/routing.py:handle', scope: 'scope' },
    { frame: 'anyio/_backends/_asyncio.py:run', future: 'future' },
  ],
  scopeRoutes: ["['fastapi']['effective_route_context']", "['route']"].map((route) => ({
    route: `${route}.path`,
    leaf: `${route}.endpoint`,
  })),
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
  idle: {
    which: 'the threads that run its plain functions, between two of them',
    stacks: ['threading.py:wait < queue.py:get < anyio/_backends/_asyncio.py:run'],
  },
};
