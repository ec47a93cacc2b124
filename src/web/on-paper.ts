import { options } from 'preact';

/** Calls back before the page is printed, in time for what that changes, and after it. Returns what ends that. */
export function onPaper(change: (isOnPaper: boolean) => void): () => void {
  const to = (isOnPaper: boolean) => () => renderedAtOnce(() => change(isOnPaper));
  const [before, after] = [to(true), to(false)];
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
  };
}

/** A browser prints when the event ends: what Preact would render in another turn came too late. */
function renderedAtOnce(act: () => void): void {
  const { debounceRendering } = options;
  options.debounceRendering = (render) => render();
  act();
  if (debounceRendering) options.debounceRendering = debounceRendering;
  else delete options.debounceRendering;
}
