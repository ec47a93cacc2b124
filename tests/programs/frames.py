"""Holds tables, columns and times of pandas, prints how they are to be shown as one line of JSON, and waits."""
import datetime
import json
import sys
import warnings

warnings.simplefilter('ignore')
import numpy
import pandas


class Own(pandas.DataFrame):
    pass


def table(frame):
    columns = ', '.join('%r: %s' % (name, dtype) for name, dtype in zip(frame.columns.tolist(), frame.dtypes))
    return '<%s shape=%r, columns={%s}>' % (type(frame).__name__, frame.shape, columns)


def column(series):
    name = '' if series.name is None else 'name=%r, ' % (series.name,)
    return '<%s %sshape=%r, dtype=%s>' % (type(series).__name__, name, series.shape, series.dtype)


def index(labels):
    return repr(labels) if isinstance(labels, pandas.RangeIndex) else column(labels)


def times():
    nat = pandas.NaT
    moment, nano, day = pandas.Timestamp('2024-01-02 03:04:05.000006'), pandas.Timestamp('1969-12-31 23:59:59.000000007'), pandas.Timestamp('2024-02-29')
    aware, zone, west = (pandas.Timestamp('2024-01-02 03:04:05.5', tz=of) for of in ('UTC', 'Europe/Berlin', 'America/St_Johns'))
    span, span_nano, span_negative = pandas.Timedelta('1 days 02:03:04'), pandas.Timedelta(5, 'ns'), pandas.Timedelta(seconds=-1)
    span_micro, span_long = pandas.Timedelta('00:00:00.000005'), pandas.Timedelta(days=100000)
    epoch, early = pandas.Timestamp(0), pandas.Timestamp('1700-03-01')
    expected = {name: repr(value) for name, value in dict(locals()).items()}
    tables(expected)


def tables(expected):
    mixed = pandas.DataFrame({'a': [1, 2], 'b': ['x', 'y'], 'c': [1.5, 2], 'd': [3, 4], 'e': [True, False]})
    added = mixed.copy()
    added['f'] = pandas.Categorical(['u', 'v'])
    added['g'] = pandas.array([1, None], dtype='Int64')
    added['h'] = pandas.to_datetime(['2024-01-01', None])
    added['i'] = added['h'].dt.tz_localize('UTC')
    added['j'] = pandas.array([True, None], dtype='boolean')
    added['k'] = pandas.array(['s', None], dtype='string')
    added['l'] = pandas.array([1, 2], dtype='UInt8')
    reordered = mixed[['d', 'b', 'a']]
    numbered = pandas.DataFrame(numpy.zeros((3, 4), dtype='float32'))
    dated = pandas.DataFrame({'v': range(5)}, index=pandas.date_range('2024-01-01', periods=5))
    empty, no_rows, own = pandas.DataFrame(), pandas.DataFrame({'a': []}), Own({'x': [1]})
    filtered, popped = mixed[mixed['a'] > 1], mixed.drop(columns=['c'])
    labelled = pandas.DataFrame({10: [1], 20: [2.5]})
    joined = mixed.set_index(['a', 'b'])
    expected.update({name: table(value) for name, value in dict(locals()).items() if isinstance(value, pandas.DataFrame)})
    numbers, unnamed, texts = mixed['a'], pandas.Series([1.5, 2.5, 3.5]), mixed['b']
    moments, categories, row = added['h'], added['f'], numbered.loc[0]
    expected.update({name: column(value) for name, value in dict(locals()).items() if isinstance(value, pandas.Series)})
    span, span_named, days, keys = mixed.index, pandas.RangeIndex(1, 10, 3, name='n'), dated.index, pandas.Index([3, 1, 2], name='k')
    expected.update({name: index(value) for name, value in dict(locals()).items() if isinstance(value, pandas.Index)})
    wide = pandas.DataFrame(numpy.zeros((2, 1000)))
    expected['wide'] = '<DataFrame shape=(2, 1000), columns={%s, … 600 more}>' % ', '.join('%d: float64' % at for at in range(400))
    secret = pandas.DataFrame({'password': ['hunter22'], 'user': ['me']})
    hidden = secret['user']
    expected['user'] = table(secret)
    user = secret
    del secret, hidden
    print('ready', flush=True)
    print(json.dumps(expected), flush=True)
    sys.stdin.read()


times()
