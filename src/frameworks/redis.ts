import type { Framework } from './framework.js';

/** Where a client waits for a reply: redis-py 5 and later, 4, and 3; without and with hiredis. */
const reads: readonly string[] = [
  'redis/_parsers/socket.py:_read_from_socket',
  'redis/_parsers/hiredis.py:read_from_socket',
  'redis/connection.py:_read_from_socket',
  'redis/connection.py:read_from_socket',
  'redis/_compat.py:recv',
  'redis/_compat.py:recv_into',
];

/** Stacks of a caller that waits for Redis to have something for it. */
export function awaitsRedis(caller: string): string[] {
  return reads.map((read) => `${read} < redis/* < ${caller}`);
}

export const redis: Framework = {
  id: 'redis',
  title: 'redis-py',
  idle: {
    which: 'a thread that listens for published messages',
    // Handlers of messages run within it, and are not of this folder.
    stacks: awaitsRedis('redis/client.py:run'),
  },
};
