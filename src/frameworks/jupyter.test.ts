import { frameworkContract } from '../../tests/support/framework-contract.js';
import { jupyter } from './jupyter.js';

frameworkContract(jupyter, {
  programs: [
    { command: 'python -m ipykernel_launcher -f /tmp/kernel-1.json', ps: 'Jupyter kernel' },
    { command: 'python /bin/jupyter-lab', ps: 'Jupyter server' },
    { command: 'python3 /bin/ipython3', ps: 'IPython' },
  ],
  idle: [
    'zmq/sugar/__init__.py:device < ipykernel/heartbeat.py:run',
    'c:zmq.backend.cython._proxy_steerable.proxy < ipykernel/heartbeat.py:run',
    'c:os.read < ipykernel/iostream.py:_watch_pipe_fd',
    'c:time.sleep < ipykernel/parentpoller.py:run',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < IPython/core/history.py:run',
    'c:zmq.Socket.recv < zmq/utils/garbage.py:run',
  ],
  busy: [
    'c:time.sleep < ipython-input-1.py:<module> < IPython/core/interactiveshell.py:run_code < ipykernel/zmqshell.py:run_cell',
    'zmq/sugar/socket.py:bind < ipykernel/heartbeat.py:_bind_socket < ipykernel/heartbeat.py:run',
    'c:zmq.Socket.send < ipykernel/iostream.py:_flush',
    'c:os.kill < ipykernel/parentpoller.py:_terminate',
    'c:sqlite3.Connection.execute < IPython/core/history.py:writeout_cache < IPython/core/history.py:run',
    'zmq/utils/garbage.py:close < zmq/utils/garbage.py:stop',
  ],
});
