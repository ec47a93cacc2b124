// A receiver of profiles that counts, in a process of its own (fleet-traffic.ts): answers each message with what it has
// seen since the one before.
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedTraffic {
  readonly requests: number;
  /** Of requests, as they came. */
  readonly bytes: number;
  /** CPU seconds. */
  readonly cpu: number;
}

const sockets = new Set<Socket>();
let requests = 0;
let bytesOfEnded = 0;
let cpu = process.cpuUsage();
let bytesBefore = 0;

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    requests++;
    response.end();
  });
});
// Those that send are busy as well: a connection is not closed in their faces.
server.keepAliveTimeout = 600_000;
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.once('close', () => {
    bytesOfEnded += socket.bytesRead;
    sockets.delete(socket);
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('message', () => {
  const all = [...sockets].reduce((sum, { bytesRead }) => sum + bytesRead, bytesOfEnded);
  const { user, system } = process.cpuUsage(cpu);
  const seen: ReceivedTraffic = { requests, bytes: all - bytesBefore, cpu: (user + system) / 1e6 };
  requests = 0;
  bytesBefore = all;
  cpu = process.cpuUsage();
  process.send!(seen);
});
process.on('disconnect', () => process.exit());
