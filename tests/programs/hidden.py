"""Holds what must not be shown, under the names that are its first argument, in every kind of place."""
import array
import io
import json
import sys
import types
import warnings

warnings.simplefilter('ignore')

names = json.loads(sys.argv[1])


class Config:
    pass


class Slotted:
    __slots__ = ('api_token',)


def call(function, **arguments):
    source = 'def %s(%s):\n    wait()\n' % (function, ', '.join(arguments))
    scope = {'wait': wait}
    exec(source, scope)
    scope[function](**arguments)


def wait():
    print('ready', flush=True)
    sys.stdin.read()


def hold():
    in_dict = {name: 'dict-hush-%d' % at for at, name in enumerate(names)}
    in_bytes = {name.encode(): b'bytes-hush-%d' % at for at, name in enumerate(names)}
    in_pairs = [(name, 'pair-hush-%d' % at) for at, name in enumerate(names)]
    deep = {'a': [{'b': ({name: 'deep-hush-%d' % at},)} for at, name in enumerate(names[:8])]}
    in_attributes, in_slots = Config(), Slotted()
    for at, name in enumerate(names):
        setattr(in_attributes, name, 'attribute-hush-%d' % at)
    in_slots.api_token = 'slot-hush'
    lines = ['%s=line-hush-%d' % (name, at) for at, name in enumerate(names)]
    headers = 'Host: x\r\nAuthorization: Bearer header-hush-1\r\nCookie: a=header-hush-2; b=header-hush-3\r\n'
    as_json = json.dumps({name: 'json-hush-%d' % at for at, name in enumerate(names)})
    url = 'postgresql://app:url-hush@db.internal/app?sslmode=require'
    query = 'https://example.org/callback?code=1&access_token=query-hush&state=2'
    cut = 'x' * 380 + ' amqp://user:cut-hush-cut-hush-cut-hush@queue'
    key = '-----BEGIN RSA PRIVATE KEY-----\nkey-hush\n-----END RSA PRIVATE KEY-----'
    known = {'password': 'known-hush'}
    elsewhere = known['password']
    inside = 'login with known-hush failed'
    error = ValueError('no such user', {'password': 'error-hush'})
    namespace = types.SimpleNamespace(db_password='namespace-hush')
    wrapped = {'password': ['list-hush', {'x': 'list-hush-2'}]}
    arguments = ['tool', '--password', '-words-hush', 'postgres://u:p@url-hush@db', '--user', 'bob']
    statement = "ALTER ROLE app PASSWORD 'sql''sql-hush'"
    element = '<password>element-hush</password>'
    nested = json.dumps({'line': json.dumps({'password': 'x"nested-hush'})})
    login = ('bob', 'login-hush')
    senha = 'senha-hush'
    max_tokens, tokenizer, secretary = 4096, Config(), 'Ann'
    tokenizer.size = 7
    body, form = io.BytesIO(b'user=me&password=buffer-hush'), io.StringIO('token=buffer-hush-2')
    view, letters = memoryview(b'Authorization: Bearer buffer-hush-3'), array.array('u', 'password=buffer-hush-4')
    written, again = io.StringIO(), io.BytesIO(b'known-hush')
    written.write('login with known-hush failed')
    kept = 'the monkey ate a cooked meal'
    call('login', **{name.replace('-', '_'): 'argument-hush-%d' % at for at, name in enumerate(names)})


hold()
