import koffi from 'koffi';

/** `M_MMAP_THRESHOLD` of mallopt(3), and its value before glibc raises it by itself. */
const mmapThreshold = -3;
const large = 128 << 10;

/**
 * Has glibc map large arrays by themselves, so that their memory is returned when they are. It raises the size from
 * which it does so, up to 32 MB, as large ones are freed; tables that double then lie between others in its arenas: of
 * an hour's recording of ever new stacks, 125 of 160 MB were such gaps. Other C libraries have no such setting.
 */
export function mapLargeArrays(): void {
  try {
    koffi.load(null).func('int mallopt(int, int)')(mmapThreshold, large);
  } catch {
    // Then memory is as the C library keeps it.
  }
}
