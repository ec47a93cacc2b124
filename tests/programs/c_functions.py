# Calls C functions in every way there is, each from a Python function of its own, as told by its name on standard input. Prints, as JSON, which
# Python function calls which C function.
import datetime, decimal, functools, hashlib, itertools, json, os, re, select, socket, sqlite3, struct, sys, tempfile
import threading, time, zlib

document = json.dumps([{'key': number, 'list': [str(number)] * 3} for number in range(3000)])
numbers = list(range(20000))
digits = '7' * 4000
shuffled = sorted(numbers, key=lambda number: number * 7919 % 20011)
data = bytes(range(256)) * 2000
here, there = socket.socketpair()
here.settimeout(0.05)
database = sqlite3.connect(':memory:')
events = select.epoll()
events.register(here.fileno(), select.EPOLLIN)
large = tempfile.NamedTemporaryFile()
large.write(data * 20)
large.flush()
taken = threading.Lock()
taken.acquire()
query = 'with recursive c(x) as (select 1 union all select x + 1 from c limit 20000) select sum(x) from c'
calls = {}


def calls_c(*names):
    def keep(function):
        calls[function] = names
        return function

    return keep


@calls_c('time.sleep')
def sleeping():
    time.sleep(0.05)


@calls_c('json.Scanner.__call__')
def scanning_json():
    json.loads(document)


# The class of compiled patterns got its name in 3.7.
@calls_c('re.Pattern.search' if sys.version_info >= (3, 7) else 're.SRE_Pattern.search')
def matching():
    re.search('(a|b)*c', 'ab' * 2000)


@calls_c('builtins.sorted')
def sorting():
    sorted(shuffled)


@calls_c('builtins.sorted')
def sorting_by_key():
    sorted(shuffled, key=lambda number: -number)


@calls_c('builtins.sorted')
def sorting_with_keyword():
    sorted(shuffled, reverse=True)


@calls_c('builtins.sorted')
def sorting_unpacked():
    sorted(*[shuffled], **{'reverse': True})


@calls_c('builtins.sorted')
def sorting_partially():
    functools.partial(sorted, shuffled)()


@calls_c('builtins.sum')
def summing_a_generator():
    sum(number for number in numbers)


@calls_c('builtins.list.sort')
def sorting_in_place():
    shuffled[:].sort()


@calls_c('builtins.list.sort')
def sorting_by_bound_method():
    copy = shuffled[:]
    sort = copy.sort
    sort()


@calls_c('builtins.dict.update')
def updating():
    {}.update(zip(numbers, shuffled))


@calls_c('builtins.str.join')
def joining():
    ','.join(map(str, numbers))


@calls_c('builtins.list')
def listing_a_chain():
    list(itertools.chain(numbers, numbers, numbers))


@calls_c('builtins.list.copy')
def copying():
    for _ in range(100):
        numbers.copy()


@calls_c('builtins.dict')
def making_a_dict():
    dict(zip(numbers, numbers))


@calls_c('builtins.bytes.decode')
def decoding():
    (b'\xc3\xa9' * 50000).decode('utf-8')


@calls_c('builtins.pow')
def powering():
    pow(7, 10001, 10**400)


@calls_c('builtins.int.__pow__')
def powering_by_operator():
    base = 3
    for exponent in (60000, 60001):
        base**exponent


@calls_c('builtins.list.__contains__')
def containing():
    20001 in numbers


@calls_c('itertools.islice.__next__')
def iterating():
    for _ in itertools.islice(itertools.count(), 20000, 20001):
        pass


# Without OpenSSL it is Python's own.
@calls_c('hashlib.HASH.update' if type(hashlib.sha256()).__name__ == 'HASH' else '_sha256.sha256.update')
def hashing():
    digest = hashlib.sha256()
    digest.update(data)


@calls_c('zlib.compress')
def compressing():
    zlib.compress(data)


@calls_c('struct.pack')
def packing():
    struct.pack('%di' % len(numbers), *numbers)


@calls_c('socket.socket.recv')
def receiving():
    try:
        here.recv(10)
    except socket.timeout:
        pass


@calls_c('select.select')
def selecting():
    select.select([here], [], [], 0.05)


@calls_c('select.epoll.poll')
def polling():
    events.poll(0.05)


@calls_c('_thread.lock.acquire')
def locking():
    taken.acquire(timeout=0.05)


@calls_c('_thread.lock.__enter__')
def locking_by_with():
    lock = threading.Lock()
    lock.acquire()
    threading.Timer(0.05, lock.release).start()
    with lock:
        pass


@calls_c('_thread.RLock.__enter__')
def locking_again_by_with():
    lock = threading.RLock()
    threading.Thread(target=lambda: (lock.acquire(), time.sleep(0.05), lock.release())).start()
    time.sleep(0.01)
    with lock:
        pass


@calls_c('builtins.int.__new__')
def making_an_int():
    for _ in range(20):
        int.__new__(int, digits)


@calls_c('builtins.str.__new__')
def making_a_text():
    for _ in range(20):
        str.__new__(str, data, 'latin-1')


@calls_c('os.waitpid')
def waiting_for_a_child():
    child = os.fork()
    if child == 0:
        time.sleep(0.05)
        os._exit(0)
    os.waitpid(child, 0)


@calls_c('sqlite3.Cursor.execute')
def querying():
    database.cursor().execute(query).fetchall()


@calls_c('io.BufferedReader.read')
def reading_a_file():
    with open(large.name, 'rb') as file:
        file.read()


@calls_c('datetime.datetime')
def making_datetimes():
    for _ in range(3000):
        datetime.datetime(2026, 1, 2, 3, 4, 5)


@calls_c('decimal.Decimal.sqrt')
def rooting():
    decimal.Decimal(2).sqrt(decimal.Context(prec=2000))


def main():
    """Calls the function named by the last line that was read, again and again."""
    wanted = sys.stdin.readline().strip()
    while wanted:
        for _ in range(3):
            functions[wanted]()
        if select.select([sys.stdin], [], [], 0)[0]:
            wanted = sys.stdin.readline().strip()


if '--numpy' in sys.argv:
    import numpy

    calls.clear()
    matrix = numpy.ones((300, 300))

    @calls_c('numpy.ndarray.dot')
    def multiplying():
        matrix.dot(matrix)

    # A function of Python up to numpy 1.24.
    dispatcher = 'implement_array_function'
    in_python = isinstance(numpy.dot, type(main))

    @calls_c('numpy.core._multiarray_umath.' + dispatcher if in_python else 'numpy.dot')
    def multiplying_by_function():
        numpy.dot(matrix, matrix)

    @calls_c('numpy.ndarray.__matmul__')
    def multiplying_by_operator():
        matrix @ matrix

    @calls_c('numpy.exp')
    def exponentiating():
        numpy.exp(matrix)

    generator = numpy.random.default_rng(1)

    # Compiled by Cython.
    @calls_c('numpy.random._generator.Generator.normal')
    def drawing():
        generator.normal(0, 1, 20000)


functions = {function.__name__: function for function in calls}
print('ready', flush=True)
print(json.dumps([[function.__name__, names[0]] for function, names in calls.items()]), flush=True)
main()
