"""Waits in a second interpreter, and in a thread of the first."""
import sys
import threading

code = '''
import sys
def inside():
    marker = 'in the second'
    print('ready', flush=True)
    sys.stdin.read()
inside()
'''


def hold():
    threading.Event().wait()


threading.Thread(target=hold, name='holder', daemon=True).start()
if sys.version_info >= (3, 14):
    from concurrent import interpreters
    interpreters.create().exec(code)
elif sys.version_info >= (3, 13):
    import _interpreters
    _interpreters.run_string(_interpreters.create('legacy'), code)
else:
    import _xxsubinterpreters
    _xxsubinterpreters.run_string(_xxsubinterpreters.create(), code)
