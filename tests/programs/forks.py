"""Starts two processes that compute, and waits for them."""
import multiprocessing
import time


def child_work(ready):
    ready.release()
    while True:
        time.perf_counter()


if __name__ == '__main__':
    context = multiprocessing.get_context('fork')
    ready = context.Semaphore(0)
    children = [context.Process(target=child_work, args=(ready,), daemon=True) for _ in range(2)]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    print('ready', flush=True)
    print(' '.join(str(child.pid) for child in children), flush=True)
    for child in children:
        child.join()
