"""Holds numbers and arrays of numpy, prints how they are to be shown as one line of JSON, and waits."""
import json
import sys

import numpy


def scalar(value):
    text = repr(value)
    return text if text.startswith('np.') else 'np.%s(%s)' % (type(value).__name__, text)


def hold():
    true, int8, uint8, int16 = numpy.bool_(True), numpy.int8(-8), numpy.uint8(200), numpy.int16(-300)
    uint16, int32, uint32, int64 = numpy.uint16(60000), numpy.int32(-5), numpy.uint32(2**32 - 1), numpy.int64(-2**63)
    uint64, float32, float64 = numpy.uint64(2**64 - 1), numpy.float32(0.1), numpy.float64(0.1)
    complex64, complex128 = numpy.complex64(1 + 2j), numpy.complex128(-0.5j)
    expected = {name: scalar(value) for name, value in dict(locals()).items()}
    if numpy.__version__.startswith('1.'):
        expected['true'] = 'np.True_'
    flat, square, single = numpy.zeros(5), numpy.ones((3, 4), dtype='int32'), numpy.array(1.5)
    expected.update(
        flat='<numpy.ndarray shape=(5,) dtype=float64>',
        square='<numpy.ndarray shape=(3, 4) dtype=int32>',
        single='<numpy.ndarray shape=() dtype=float64>',
    )
    print('ready', flush=True)
    print(json.dumps(expected), flush=True)
    sys.stdin.read()


hold()
