/** Rows of a column that come in one piece. */
const pieceRows = 4096;

/** How a cell of each column is written, by row; a text stands in all rows. */
export type Columns<T> = {
  readonly [K in keyof T as Exclude<K, 'length' | 'weightType'>]: string | ((row: number) => string | number);
};

/** A table by columns, as JSON in pieces: `more` are members besides its columns. */
export function* tableJson<T>(length: number, columns: Columns<T>, more = ''): Iterable<string> {
  yield '{';
  for (const [name, cell] of Object.entries<string | ((row: number) => string | number)>(columns)) {
    yield `"${name}":[`;
    for (let from = 0; from < length; from += pieceRows) {
      const cells: (string | number)[] = [];
      for (let row = from; row < Math.min(length, from + pieceRows); row++)
        cells.push(typeof cell === 'string' ? cell : cell(row));
      yield `${from === 0 ? '' : ','}${cells.join(',')}`;
    }
    yield '],';
  }
  yield `${more}"length":${length}}`;
}
