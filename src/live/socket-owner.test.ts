import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { ownerIn, ownsConnection } from './socket-owner.js';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1FBB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0
   1: 0100007F:1FBB 0100007F:A0F2 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0
   2: 0100007F:A0F2 0100007F:1FBB 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0
   3: 0200007F:A0F2 0100007F:1FBC 01 00000000:00000000 00:00000000 00000000  1001        0 4 1 0
`;

test('the owner of the other end, not of ours', () => {
  assert.equal(ownerIn(table, 0xa0f2, 0x1fbb), 1000);
  assert.equal(ownerIn(table, 0xa0f2, 0x1fbc), undefined);
  assert.equal(ownerIn('', 1, 2), undefined);
});

test('a connection of our own is one', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    assert.ok(ownsConnection(socket));
    socket.destroy();
  } finally {
    client.destroy();
    server.close();
  }
});
