"""Waits in the main interpreter and, in a thread, in another one."""
import sys
import threading

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

script = '''
import time

def inside():
    print('ready', flush=True)
    while True:
        time.sleep(0.01)

inside()
'''


def outside():
    sys.stdin.read()


def enter():
    interpreters.run_string(interpreters.create(), script)


threading.Thread(target=enter, daemon=True).start()
outside()
