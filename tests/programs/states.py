# Threads of one kind: `partly` on a CPU for part of the time; `sleepers` five that sleep beside one that works; `fight` two that both want the
# GIL; `collect` the garbage collector at work; `crowd` 600 that wait, younger than the one that is on a CPU for part of the time.
import gc
import sys
import threading
import time


def partly():
    while True:
        end = time.perf_counter() + 0.003
        while time.perf_counter() < end:
            pass
        time.sleep(0.007)


def sleeping():
    time.sleep(1000)


def working():
    while True:
        pass


def sleepers():
    for number in range(5):
        threading.Thread(target=sleeping, daemon=True).start()
    working()


def fight():
    threading.Thread(target=working, daemon=True).start()
    working()


def crowd():
    threading.stack_size(65536)
    for _ in range(600):
        threading.Thread(target=sleeping, daemon=True).start()
    print('ready', flush=True)
    partly()


def collect():
    kept = [[number] for number in range(300000)]
    while kept:
        gc.collect()


if sys.argv[1] != 'crowd':
    print('ready', flush=True)
globals()[sys.argv[1]]()
