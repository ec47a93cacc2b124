#!/usr/bin/env node
// Node opens a debugging port at SIGUSR1, through which any local user could run code as whoever runs pyglass; a listener takes the place
// of that. (Node 20 has no `--disable-sigusr1`.) Nothing may be imported before it: loading the rest takes a tenth of a second.
process.on('SIGUSR1', () => {});
try {
  await import('./run-command-line.js');
} catch (error) {
  // It explains its own errors. What calls the kernel, however, cannot even be loaded on some machines that Node runs on.
  const { machineTrouble } = await import('../process/machine-trouble.js');
  const trouble = machineTrouble();
  if (!trouble) throw error;
  const { explainError } = await import('./explain-error.js');
  const { exitCode, remedy } = explainError(trouble);
  process.stderr.write(`pyglass: ${[trouble.message, ...remedy].join('\n')}\n`);
  process.exitCode = exitCode;
}

// Top-level await makes this a module.
export {};
