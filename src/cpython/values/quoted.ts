/** Text between quotes as Python writes it, for names and paths, which hold nothing that needs more than this. */
export function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}
