import time
cimport cython

def busy(double sec):
    """Ends with fastlim.busy"""
    cdef double end = time.monotonic() + sec
    while time.monotonic() < end: pass

cdef class Worker:
    def run(self, sec): return busy(sec)

class Plain:
    def work(self, double sec):
        """x.work"""
        cdef double end = time.monotonic() + sec
        while time.monotonic() < end: pass

def fused(cython.floating sec):
    cdef double end = time.monotonic() + sec
    while time.monotonic() < end: pass

def outer():
    def inner(double sec):
        cdef double end = time.monotonic() + sec
        while time.monotonic() < end: pass
    return inner

def generate(double sec):
    cdef double end
    while True:
        end = time.monotonic() + sec
        while time.monotonic() < end: pass
        yield 1
