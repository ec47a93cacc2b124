"""Starts threads at each word, which end at the next one; waits in `between` without them."""
import sys
import threading


def job(number, go_on):
    go_on.wait()


def during(go_on, count):
    threads = [threading.Thread(target=job, args=(number, go_on), name='job-%d' % number) for number in range(count)]
    for thread in threads:
        thread.start()
    print('started', flush=True)
    sys.stdin.readline()
    go_on.set()
    for thread in threads:
        thread.join()


def between():
    print('ended', flush=True)
    sys.stdin.readline()


print('ready', flush=True)
sys.stdin.readline()
for count in (3, 5):
    during(threading.Event(), count)
    between()
