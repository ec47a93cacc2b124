# Prints a line of JSON for each code object of some of the standard library: what the compiler made, and how deep it says the stack gets.
import json
import types

import argparse, ast, asyncio.base_events, concurrent.futures.thread, contextlib, decimal, difflib, email.message
import http.server, inspect, json.decoder, logging, pickle, socketserver, subprocess, tarfile, threading, typing, zipfile


def walk(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from walk(constant)


modules = [argparse, ast, asyncio.base_events, concurrent.futures.thread, contextlib, decimal, difflib, email.message]
modules += [http.server, inspect, json.decoder, logging, pickle, socketserver, subprocess, tarfile, threading, typing, zipfile]
for module in modules:
    with open(module.__file__, encoding='utf-8') as source:
        top = compile(source.read(), module.__file__, 'exec')
    for code in walk(top):
        print(
            json.dumps(
                {
                    'name': '%s:%s' % (module.__name__, code.co_name),
                    'code': code.co_code.hex(),
                    'flags': code.co_flags,
                    'exceptionTable': getattr(code, 'co_exceptiontable', b'').hex(),
                    'stackSize': code.co_stacksize,
                }
            )
        )
