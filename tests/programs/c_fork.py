# Forks as a C library does, so that Python does not hear of it, and prints the child's pid. `main` or `thread` says who forks; beside them a
# thread waits that does not come along. The child sleeps and computes in turn; with `asked` it sleeps until there is input, then computes.
import ctypes
import os
import select
import sys
import threading
import time


def in_child():
    while 'asked' in sys.argv:
        if not select.select([sys.stdin], [], [], 0)[0]:
            time.sleep(0.02)
    while True:
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass
        time.sleep(0.02)


def fork():
    pid = ctypes.PyDLL(None).fork()
    if pid == 0:
        in_child()
    print('ready', flush=True)
    print(pid, flush=True)
    os.waitpid(pid, 0)


threading.Thread(target=threading.Event().wait, name='stays', daemon=True).start()
if sys.argv[1] == 'thread':
    forker = threading.Thread(target=fork, name='forker')
    forker.start()
    forker.join()
else:
    fork()
