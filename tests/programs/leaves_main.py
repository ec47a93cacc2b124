"""Its main thread ends by itself once it is told to; another one goes on, in a function that says which of the two it is."""
import ctypes
import sys
import threading


def goes_on():
    while not leaving.is_set():
        sum(range(200))


def alone():
    with open("/proc/self/stat") as file:
        while file.read().rpartition(")")[2].split()[0] != "Z":
            file.seek(0)
    print("alone", flush=True)
    while True:
        sum(range(200))


def work():
    goes_on()
    alone()


leaving = threading.Event()
threading.Thread(target=work, name="other").start()
print("ready", flush=True)
sys.stdin.readline()
leaving.set()
ctypes.CDLL(None).pthread_exit(None)
