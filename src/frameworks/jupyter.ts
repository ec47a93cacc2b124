import type { Framework } from './framework.js';

/** With IPython and pyzmq, which its kernels are made of. Their event loop is asyncio's. */
export const jupyter: Framework = {
  id: 'jupyter',
  title: 'Jupyter',
  programs: [
    {
      id: 'jupyter-kernel',
      title: 'Jupyter kernel',
      command: /^(ipykernel_launcher|ipykernel|colab_kernel_launcher)$/,
    },
    {
      title: 'Jupyter server',
      command: /^(jupyter|jupyter-(lab|notebook|server|hub|labhub)|jupyterhub|jupyterlab|notebook)$/,
      ownName: true,
    },
    { id: 'ipython', title: 'IPython', command: /^(ipython\d?|IPython)$/, ownName: true },
  ],
  idle: {
    which: "a kernel's threads for the heartbeat, the history, captured output and the look for the parent",
    stacks: [
      // Up to pyzmq 25 `device` is written in C.
      'zmq/sugar/__init__.py:device < ipykernel/heartbeat.py:run',
      'ipykernel/heartbeat.py:run',
      'ipykernel/iostream.py:_watch_pipe_fd',
      'ipykernel/parentpoller.py:run',
      'threading.py:wait < threading.py:wait < IPython/core/history.py:run',
      'zmq/utils/garbage.py:run',
    ],
  },
};
