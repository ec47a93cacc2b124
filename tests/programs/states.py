# Threads of one kind: `partly` on a CPU for part of the time, `mostly` for most of it; `sleepers` five that sleep beside one that works;
# `fight` two that both want the GIL; `naps` one that waits for a moment, again and again; `collect` the garbage collector at work; `crowd`
# 600 that wait, younger than the one that is on a CPU for part of the time.
from __future__ import print_function
import gc
import sys
import threading
import time

clock = getattr(time, 'perf_counter', time.time)


def compute(seconds):
    end = clock() + seconds
    while clock() < end:
        pass


def partly():
    while True:
        compute(0.003)
        time.sleep(0.007)


def mostly():
    while True:
        compute(0.008)
        time.sleep(0.002)


def sleeping():
    time.sleep(1000)


def working():
    while True:
        pass


def begin(function):
    thread = threading.Thread(target=function)
    thread.daemon = True
    thread.start()


def ready():
    print('ready')
    sys.stdout.flush()


def sleepers():
    for number in range(5):
        begin(sleeping)
    working()


def fight():
    begin(working)
    working()


def naps():
    while True:
        time.sleep(0.002)


def crowd():
    threading.stack_size(65536)
    for _ in range(600):
        begin(sleeping)
    ready()
    partly()


def collect():
    kept = [[number] for number in range(300000)]
    while kept:
        gc.collect()


if sys.argv[1] != 'crowd':
    ready()
globals()[sys.argv[1]]()
