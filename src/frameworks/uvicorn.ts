import { application, type Framework, spawnedCode } from './framework.js';

export const uvicorn: Framework = {
  id: 'uvicorn',
  title: 'uvicorn',
  anchors: ['h11', 'httptools'].map((parser) => ({
    frame: `uvicorn/protocols/http/${parser}_impl.py:run_asgi`,
    scope: 'self.scope',
  })),
  programs: [
    { code: spawnedCode, parent: 'uvicorn', childRole: 'worker' },
    {
      command: /^uvicorn$/,
      args: /--reload( |$)/,
      role: 'reloader',
      childRole: 'serving',
      names: application,
    },
    {
      command: /^uvicorn$/,
      args: /--workers[ =]/,
      role: 'supervisor',
      childRole: 'worker',
      names: application,
    },
    { command: /^uvicorn$/, role: 'serving', names: application },
  ],
  reloader: 'uvicorn/supervisors/basereload.py:run',
  idleTasks: {
    which:
      'the task that looks once in a while whether to stop, that of the lifespan once the application is up',
    stacks: [
      'asyncio/tasks.py:sleep < uvicorn/server.py:main_loop',
      'asyncio/queues.py:get < uvicorn/lifespan/on.py:receive',
    ],
  },
  idle: {
    which: 'the supervisor of workers, the reloader; servers with nothing ready',
    stacks: [
      'threading.py:wait < threading.py:wait < uvicorn/supervisors/multiprocess.py:run',
      'multiprocessing/connection.py:_recv < multiprocessing/connection.py:_recv_bytes < multiprocessing/connection.py:recv < uvicorn/supervisors/multiprocess.py:pong',
      'threading.py:wait < threading.py:wait < uvicorn/supervisors/basereload.py:pause',
      // Up to 0.17.
      'threading.py:wait < threading.py:wait < uvicorn/supervisors/basereload.py:run',
      // Up to 0.14 with uvloop, whose loop has no frames of Python. Later versions call `asyncio.run`.
      'uvicorn/server.py:run',
      'uvicorn/workers.py:run',
    ],
  },
};
