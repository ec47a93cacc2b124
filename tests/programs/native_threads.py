# Two threads that no Python runs in compute, one of them under a name of its own; the main thread waits.
import ctypes
import mmap
import time

PR_SET_NAME = 15
libc = ctypes.CDLL(None)
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b'\xeb\xfe')  # jmp to itself
start = ctypes.addressof(ctypes.c_char.from_buffer(code))


def spin():
    thread = ctypes.c_ulong()
    libc.pthread_create(ctypes.byref(thread), None, ctypes.c_void_p(start), None)


def waiting():
    print('ready', flush=True)
    while True:
        time.sleep(1000)


spin()
# A thread begins with the name of the one that starts it.
before = ctypes.create_string_buffer(16)
libc.prctl(PR_SET_NAME + 1, before)
libc.prctl(PR_SET_NAME, b'spinner')
spin()
libc.prctl(PR_SET_NAME, before)
waiting()
