/**
 * Stands for node:child_process in the bundle, which loads sockets and streams: 3 ms. commander wants it at once, for
 * commands that are programs of their own; there are none here, and few commands start a program.
 */
export const spawn = (...args) => process.getBuiltinModule('node:child_process').spawn(...args);
