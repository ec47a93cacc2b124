"""Goes into the background as daemons do, at once, and computes there. The argument says for how long, in seconds of CPU time."""
import os
import sys
import time


def work_in_background():
    end = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) + float(sys.argv[1])
    while time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) < end:
        sum(range(100))


if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
work_in_background()
