/** Now, for names of files: `20260509-073210`. */
export function timeStamp(): string {
  return new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
}
