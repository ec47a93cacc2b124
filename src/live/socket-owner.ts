import type { Socket } from 'node:net';
import { procText } from '../process/proc-text.js';

/** Rows of the kernel's table of connections, bytes: a busy machine has tens of thousands of 150 bytes. */
const longestTable = 16 << 20;

/** Whether the other end of a connection within this machine is a program of our own user (proc_net_tcp(5)). */
export function ownsConnection({ remoteAddress, remotePort, localPort }: Socket): boolean {
  if (remoteAddress !== '127.0.0.1' || remotePort === undefined || localPort === undefined) return false;
  const uid = process.getuid?.();
  return ownerIn(procText('/proc/net/tcp', longestTable) ?? '', remotePort, localPort) === uid;
}

/** The user of the end at port `from` of the connection to port `to`, both of 127.0.0.1. */
export function ownerIn(table: string, from: number, to: number): number | undefined {
  const end = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = table.split('\n').find((line) => line.includes(`: ${end(from)} ${end(to)} `));
  return row === undefined ? undefined : Number(row.trim().split(/\s+/)[7]);
}
