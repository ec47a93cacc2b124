"""Serves requests one after another, as an app would: most of their time is a wait in slow_route."""
import threading
import time


def slow_route(api_key):
    time.sleep(0.02)  # Simulate work
    return sum(range(100))


def dispatch():
    while True:
        slow_route(api_key="sk-not-to-be-shown")


threading.Thread(target=dispatch, name="server", daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
