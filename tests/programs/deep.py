"""Waits at the bottom of a recursion of as many frames as the argument says."""
import sys
import threading

depth = int(sys.argv[1])
sys.setrecursionlimit(depth + 1000)
# C frames of 3.10 and earlier take about half a kilobyte each.
threading.stack_size(512 * 1024 * 1024)


def descend(left):
    if left == 0:
        print('ready', flush=True)
        sys.stdin.read()
    else:
        descend(left - 1)


thread = threading.Thread(target=descend, args=(depth - 1,), name='diver')
thread.start()
thread.join()
