"""
Waits at the bottom of a recursion of as many frames as the first argument says, or with `busy` as the second, computes there until its
input ends.
"""
from __future__ import print_function
import sys
import threading

depth = int(sys.argv[1])
sys.setrecursionlimit(depth + 1000)
# C frames of 3.10 and earlier take about half a kilobyte each.
threading.stack_size(512 * 1024 * 1024)


def compute():
    while waiting.is_alive():
        sum(range(200))


def descend(left):
    if left == 0:
        print('ready')
        sys.stdout.flush()
        if 'busy' in sys.argv:
            compute()
        sys.stdin.read()
    else:
        descend(left - 1)


waiting = threading.Thread(target=sys.stdin.read, name='reader')
waiting.daemon = True
if 'busy' in sys.argv:
    waiting.start()
thread = threading.Thread(target=descend, args=(depth - 1,), name='diver')
thread.start()
thread.join()
