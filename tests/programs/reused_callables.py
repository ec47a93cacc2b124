"""Calls C functions through objects that come and go, and that lie at the same addresses: partials, and partials of partials."""
import functools
import hashlib
import time
import zlib

DATA = bytes(2_000_000)


def crc(function):
    return function(DATA)


def sha(function):
    return function(DATA)


def nap(function):
    return function(0.004)


def partial(function):
    return functools.partial(function)


def nested(function):
    return functools.partial(functools.partial(functools.partial(function)))


print('ready', flush=True)
while True:
    for wrap in (partial, nested):
        for run, function in ((crc, zlib.crc32), (nap, time.sleep), (sha, hashlib.sha256)):
            run(wrap(function))
