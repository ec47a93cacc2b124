# Three threads that each compute for part of the time: the main one, and two that run an interpreter of their own, which the main one made.
import sys
import threading
import time

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

script = '''
import time

def inner_%s():
    while True:
        end = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) + 0.01
        while time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) < end:
            pass
        time.sleep(0.02)

inner_%s()
'''


def outside():
    while True:
        end = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) + 0.01
        while time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) < end:
            pass
        time.sleep(0.02)


def enter(interpreter, name):
    interpreters.run_string(interpreter, script % (name, name))


for name in ('one', 'two'):
    threading.Thread(target=enter, name='sub-' + name, args=(interpreters.create(), name), daemon=True).start()
    # Which thread an interpreter runs in is seen as it is entered.
    time.sleep(0.2)
    if name == sys.argv[1]:
        print('ready', flush=True)
        sys.stdin.readline()
if sys.argv[1] == 'none':
    print('ready', flush=True)
outside()
