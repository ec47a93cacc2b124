"""Holds numbers and arrays of numpy, prints how they are to be shown as one line of JSON, and waits."""
import json
import re
import sys
import warnings

import numpy

warnings.simplefilter('ignore')


def scalar(value):
    text = repr(value)
    if isinstance(value, numpy.datetime64) and numpy.isnat(value):
        return "np.datetime64('NaT')"
    if text.startswith('numpy.'):
        return 'np.' + text[6:]
    return text if text.startswith('np.') else 'np.%s(%s)' % (type(value).__name__, text.strip('()'))


def item(value):
    if isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        if isinstance(value, numpy.datetime64) or numpy.isnat(value):
            return "'%s'" % value
        return str(value.astype('int64'))
    if isinstance(value, numpy.void):
        return '(%s)' % ', '.join('%s=%s' % (name, item(value[name])) for name in value.dtype.names)
    if isinstance(value, numpy.ndarray):
        return '[%s]' % ', '.join(item(value[at]) for at in range(len(value))) if value.ndim else item(value[()])
    if isinstance(value, numpy.bool_):
        return str(bool(value))
    text = re.sub(r'^(np|numpy)\.\w+\((.*)\)$', r'\2', repr(value))
    return '(%s)' % text.strip('()') if isinstance(value, numpy.complexfloating) else text


def shown(array):
    return '<numpy.%s shape=%s dtype=%s %s>' % (type(array).__name__, array.shape, array.dtype, item(array))


def numbers():
    true, int8, uint8, int16 = numpy.bool_(True), numpy.int8(-8), numpy.uint8(200), numpy.int16(-300)
    uint16, int32, uint32, int64 = numpy.uint16(60000), numpy.int32(-5), numpy.uint32(2**32 - 1), numpy.int64(-2**63)
    uint64, float32, float64 = numpy.uint64(2**64 - 1), numpy.float32(0.1), numpy.float64(0.1)
    complex64, complex128 = numpy.complex64(1 + 2j), numpy.complex128(-0.5j)
    half, half_small, half_whole, half_none = numpy.float16(0.1), numpy.float16(6e-8), numpy.float16(-0.5), numpy.float16('nan')
    text, octets = numpy.str_("it's"), numpy.bytes_(b'ab')
    day, nano, none, none_day = (numpy.datetime64(*of) for of in (('2024-02-29',), ('2024-01-02T03:04:05.000000007',), ('NaT',), ('NaT', 'D')))
    year, month, week, odd = (numpy.datetime64(*of) for of in (('2024', 'Y'), ('2024-05', 'M'), (5, 'W'), (5, '25s')))
    early, hour, minute, second = (numpy.datetime64(of) for of in ('-0005-01-01', '2024-01-02T03', '2024-01-02T03:04', '1969-12-31T23:59:59'))
    milli, femto, atto, far = (numpy.datetime64(*of) for of in (('2024-01-02T03:04:05.006',), (1, 'fs'), (-1, 'as'), (12345678, 'Y')))
    span, span_odd, span_none, span_negative = (numpy.timedelta64(*of) for of in ((5, 'D'), (-3, '25s'), ('NaT', 's'), (-7, 'ns')))
    expected = {name: scalar(value) for name, value in dict(locals()).items()}
    expected['true'] = 'np.True_'
    arrays(expected)


def arrays(expected):
    flat, square, single, one = numpy.zeros(5), numpy.arange(12, dtype='int32').reshape(3, 4), numpy.array(1.5), numpy.array([7])
    backwards, turned, columns = numpy.arange(5)[::-1], numpy.arange(6).reshape(2, 3).T, numpy.arange(12).reshape(3, 4)[:, 1:3]
    truths, texts, octets = numpy.array([True, False]), numpy.array(['a', "it's", '\u4e2d']), numpy.array([b'ab', b'c\x00d', b''])
    things, swapped, swapped_complex = numpy.array([1, None, 'x'], dtype=object), numpy.array([1, -2], dtype='>i4'), numpy.array([1 + 2j], dtype='>c16')
    swapped_text = numpy.array(['ab'], dtype='>U2')
    halves, singles, complexes = numpy.array([0.1, 0.25], dtype='f2'), numpy.array([0.1], dtype='f4'), numpy.array([1 - 2j], dtype='c8')
    moments, spans, generic = numpy.array(['2024-01-02', 'NaT'], dtype='M8[ns]'), numpy.array([5, 'NaT'], dtype='m8[25s]'), numpy.array('NaT', dtype='M8')
    records = numpy.array([(1, 'x', 2.5), (2, 'y', 3.5)], dtype=[('n', 'i4'), ('t', 'U3'), ('f', '>f8')])
    nested = numpy.array([((1.5,), '2024-01-02')], dtype=[('n', [('x', 'f4')]), ('m', 'M8[D]')])
    inner = numpy.zeros(1, dtype=[('a', 'i2'), ('b', 'f8', (2, 3)), ('c', '?')])
    aligned = numpy.zeros(1, dtype=numpy.dtype([('a', 'i1'), ('b', 'f8')], align=True))
    spread = numpy.zeros(1, dtype={'names': ['a', 'b'], 'formats': ['i1', 'f8'], 'offsets': [0, 4]})
    matrix = numpy.rec.array([(1, 2.5)], dtype=[('x', 'i4'), ('y', 'f8')])
    expected.update({name: shown(value) for name, value in dict(locals()).items() if isinstance(value, numpy.ndarray)})
    expected['matrix'] = expected['matrix'].replace('numpy.recarray', type(matrix).__module__ + '.recarray')
    row, record = records[0], matrix[0]
    expected.update(row="<numpy.void (n=1, t='x', f=2.5)>", record='<numpy.record (x=1, y=2.5)>')
    masked = numpy.ma.array([1, 2, 3], mask=[False, True, False])
    large, empty, unknown = numpy.zeros((300, 400), dtype='float32'), numpy.zeros((0, 3)), numpy.array([1.5], dtype='g')
    expected.update(
        masked='<%s.MaskedArray shape=(3,) dtype=int64>' % type(masked).__module__,
        large='<numpy.ndarray shape=(300, 400) dtype=float32>',
        empty='<numpy.ndarray shape=(0, 3) dtype=float64>',
        unknown='<numpy.ndarray shape=(1,) dtype=%s>' % unknown.dtype,
    )
    table = numpy.array([('me', 'hunter22')], dtype=[('user', 'U8'), ('password', 'U8')])
    lines = numpy.array(['password=hunter23'])
    expected['table'] = "<numpy.ndarray shape=(1,) dtype=[('user', '<U8'), ('password', '<U8')] [(user='me', password=<hidden str>)]>"
    expected['lines'] = "<numpy.ndarray shape=(1,) dtype=<U17 ['password=<hidden>']>"
    print('ready', flush=True)
    print(json.dumps(expected), flush=True)
    sys.stdin.read()


numbers()
