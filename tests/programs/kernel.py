"""Starts a kernel of Jupyter, prints its process id, and lets it run the cells that come on standard input, a line of JSON each; says when one is
done, or has printed `started`."""
import json
import os
import subprocess
import sys
import tempfile

from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

folder = tempfile.mkdtemp()
os.environ.update(IPYTHONDIR=folder, JUPYTER_RUNTIME_DIR=folder, JUPYTER_CONFIG_DIR=folder, JUPYTER_DATA_DIR=folder, TMPDIR=folder, JPY_PARENT_PID=str(os.getpid()))
file, _ = write_connection_file(os.path.join(folder, 'kernel.json'))
kernel = subprocess.Popen([sys.executable, '-m', 'ipykernel_launcher', '-f', file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
client = BlockingKernelClient(connection_file=file)
client.load_connection_file()
client.start_channels()
client.kernel_info()
client.get_shell_msg(timeout=60)
print('ready', flush=True)
print(json.dumps(kernel.pid), flush=True)
for line in sys.stdin:
    client.execute(json.loads(line))
    if 'started' in line:
        while client.get_iopub_msg(timeout=60)['content'].get('text') != 'started\n':
            pass
    else:
        client.get_shell_msg(timeout=60)
    print('done', flush=True)
