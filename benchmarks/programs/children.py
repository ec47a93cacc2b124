"""
Starts children beside a thread that computes all the time. Arguments: how ("spawn": another Python, "fork": the same program, "none": no children),
how many a second (0: the next one when the one before has ended), how many in all, and for how many seconds each computes or waits by its
own clock ("0.2 cpu" or "0.2 wall"). Prints the process ids of all in one line.
"""
import os
import subprocess
import sys
import threading
import time

LIVE = '''
import time
def live(seconds, clock):
    end = clock() + seconds
    while clock() < end:
        if clock is time.monotonic: time.sleep(0.002)
        sum(range(100))
'''
exec(LIVE)


def compute():
    while not done:
        sum(range(100))


def start():
    if how == 'fork':
        pid = os.fork()
        if pid == 0:
            live(life, clock)
            os._exit(0)
        return pid
    name = 'process_time' if clock is time.process_time else 'monotonic'
    return subprocess.Popen([sys.executable, '-c', LIVE + 'live(%r, time.%s)' % (life, name)]).pid


how, rate, count, life = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
clock = time.process_time if sys.argv[5] == 'cpu' else time.monotonic
done = False
busy = threading.Thread(target=compute)
if rate > 0:
    busy.start()
pids = []
left = set()
due = time.monotonic()
for _ in range(count):
    if how != 'none':
        pid = start()
        pids.append(pid)
        left.add(pid)
    if rate > 0:
        due += 1 / rate
        time.sleep(max(0, due - time.monotonic()))
    while left:
        pid, _ = os.waitpid(-1, 0 if rate == 0 else os.WNOHANG)
        if pid == 0:
            break
        left.discard(pid)
for pid in left:
    os.waitpid(pid, 0)
done = True
print('children', *pids, flush=True)
