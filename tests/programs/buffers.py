"""Holds objects with bytes and characters inside, prints what each holds as one line of JSON, and waits."""
import array
import io
import json
import sys
import warnings

warnings.simplefilter('ignore')


def gathered(*pieces):
    made = io.StringIO()
    for piece in pieces:
        made.write(piece)
    return made


def at(made, position):
    made.seek(position)
    return made


def closed(made):
    made.close()
    return made


def released(view):
    view.release()
    return view


class Log(io.StringIO):
    pass


def hold():
    expected = {}
    numbers = array.array('i', [1, -2, 3])
    bytes_, unsigned, shorts, words = array.array('b', [-1, 5]), array.array('B', [255]), array.array('h', [-300]), array.array('H', [60000])
    longs, unsigned_longs, large, largest = array.array('l', [-2**63]), array.array('L', [2**64 - 1]), array.array('q', [-5]), array.array('Q', [5])
    floats, doubles, characters, none = array.array('f', [0.5, -2.0]), array.array('d', [0.1, 1e300]), array.array('u', 'h\xe9\u4e2d'), array.array('d')
    unsigned_int = array.array('I', [2**32 - 1])
    expected.update({name: repr(value) for name, value in dict(locals()).items() if isinstance(value, array.array)})
    long_array = array.array('i', range(1000))
    expected['long_array'] = "array('i', [%s, … 600 more])" % ', '.join(map(str, range(400)))
    buffer, buffer_empty, buffer_read = io.BytesIO(b'abc\x00\xff'), io.BytesIO(), at(io.BytesIO(b'0123456789'), 4)
    buffer_grown = io.BytesIO()
    for _ in range(20):
        buffer_grown.write(b'0123')
    for name in ('buffer', 'buffer_empty', 'buffer_read', 'buffer_grown'):
        made = locals()[name]
        expected[name] = '<_io.BytesIO position=%d, contents=%r>' % (made.tell(), made.getvalue())
    buffer_closed, file_closed = closed(io.BytesIO(b'abc')), closed(io.StringIO('abc'))
    expected.update(buffer_closed='<_io.BytesIO closed>', file_closed='<_io.StringIO closed>')
    file, file_empty, file_written = io.StringIO('initial'), io.StringIO(), gathered('one', ' two', ' thr\xe9e')
    file_wide, file_many, file_moved, file_own = gathered('\u4e2d', 'a'), gathered(*'0123456789' * 8), at(gathered('abc', 'def'), 2), Log('own')
    file_emoji, file_over = gathered('\U0001f600', 'x'), at(gathered('abcdef'), 6)
    file_over.write('!')
    expected.update(
        file="<_io.StringIO position=0, contents='initial'>",
        file_empty="<_io.StringIO position=0, contents=''>",
        file_written="<_io.StringIO position=13, contents='one two thr\xe9e'>",
        file_wide="<_io.StringIO position=2, contents='\u4e2da'>",
        file_many='<_io.StringIO position=80, contents=%r>' % ('0123456789' * 8),
        file_moved="<_io.StringIO position=2, contents='abcdef'>",
        file_own="<__main__.Log position=0, contents='own'>",
        file_emoji="<_io.StringIO position=2, contents='\U0001f600x'>",
        file_over="<_io.StringIO position=7, contents='abcdef!'>",
    )
    view, view_array, view_part = memoryview(b'hello'), memoryview(array.array('d', [1.5])), memoryview(b'0123456789')[2:5]
    view_steps, view_square, view_released = memoryview(b'0123456789')[::2], memoryview(b'abcdef').cast('c', (2, 3)), released(memoryview(b'x'))
    for name in ('view', 'view_array', 'view_part', 'view_steps', 'view_square'):
        made = locals()[name]
        contents = ', contents=%r' % made.tobytes() if made.format in 'Bbc' and made.c_contiguous else ''
        expected[name] = '<memoryview format=%r, shape=%r%s>' % (made.format, made.shape, contents)
    expected['view_released'] = repr(view_released)
    made = contents = name = None
    print('ready\n', end='', flush=True)
    print(json.dumps(expected), flush=True)
    sys.stdin.read()


hold()
