# Prints a line of JSON for each code object of some of the standard library: what the compiler made, and how deep it says the stack gets.
from __future__ import print_function
import binascii
import importlib
import io
import json
import types

names = '''argparse ast asyncio.base_events BaseHTTPServer concurrent.futures.thread contextlib decimal difflib email.message
    http.server inspect json.decoder logging pickle Queue socketserver SocketServer ssl subprocess tarfile threading typing urllib2
    zipfile'''


def walk(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            for inner in walk(constant):
                yield inner


def hexadecimal(content):
    return binascii.hexlify(content).decode()


for name in names.split():
    try:
        module = importlib.import_module(name)
    except ImportError:
        # Another Python has it.
        continue
    file = module.__file__.replace('.pyc', '.py')
    # The line that says which encoding it has is for bytes alone.
    with io.open(file, 'rb') as source:
        top = compile(source.read(), file, 'exec', dont_inherit=True)
    for code in walk(top):
        print(
            json.dumps(
                {
                    'name': '%s:%s' % (module.__name__, code.co_name),
                    'code': hexadecimal(code.co_code),
                    'flags': code.co_flags,
                    'exceptionTable': hexadecimal(getattr(code, 'co_exceptiontable', b'')),
                    'stackSize': code.co_stacksize,
                }
            )
        )
