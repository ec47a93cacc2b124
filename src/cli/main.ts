#!/usr/bin/env node
import { useCompileCache } from './compile-cache.js';
import { willSample, willSampleChildren } from './early-start.js';

// Node opens a debugging port at SIGUSR1, through which any local user could run code as whoever runs pyglass; a
// listener takes the place of that. (Node 20 has no `--disable-sigusr1`.) Nothing that takes time may be imported
// before it: loading the rest does.
process.on('SIGUSR1', () => {});
useCompileCache();
const words = process.argv.slice(2);
if (willSample(words))
  import('../sampler/sampler-worker.js').then(({ startSamplerEarly }) =>
    startSamplerEarly(willSampleChildren(words)),
  );
import('./run-command-line.js').then(({ runCommandLine }) => runCommandLine());
