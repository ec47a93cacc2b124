"""Starts a Python and a program that is none, and waits for them."""
import subprocess
import sys

code = 'import sys; print("up", flush=True); sys.stdin.read()'
python = subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
python.stdout.readline()
other = subprocess.Popen(['sleep', '1000'])
print('ready', flush=True)
print(python.pid, other.pid, flush=True)
other.wait()
