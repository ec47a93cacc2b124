#!/usr/bin/env node
// Node opens a debugging port at SIGUSR1, through which any local user could run code as whoever runs pyglass; a listener takes the place
// of that. (Node 20 has no `--disable-sigusr1`.) Nothing may be imported before it: loading the rest takes a tenth of a second.
process.on('SIGUSR1', () => {});
await import('./run-command-line.js');

// Top-level await makes this a module.
export {};
