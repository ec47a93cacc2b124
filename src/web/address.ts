/** What stands behind `#` in the address of the page. `step`: the reader may go back to what was before. */
export function writeAddress(hash: string, step: boolean): void {
  if (hash === location.hash.slice(1)) return;
  const address = hash === '' ? location.pathname + location.search : `#${hash}`;
  if (step) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** When the reader changes the address, or goes back. */
export function onAddress(listener: () => void): void {
  addEventListener('hashchange', listener);
  addEventListener('popstate', listener);
}
