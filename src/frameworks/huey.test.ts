import { frameworkContract } from '../../tests/support/framework-contract.js';
import { huey } from './huey.js';

frameworkContract(huey, {
  programs: [
    { command: 'python /bin/huey_consumer.py shop.huey', ps: 'huey main process' },
    {
      command: 'python /bin/huey_consumer.py shop.huey',
      ps: 'huey worker',
      below: ['python /bin/huey_consumer.py shop.huey'],
    },
  ],
  idle: [
    'c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < redis/commands/core.py:brpop < huey/storage.py:dequeue < huey/api.py:dequeue < huey/consumer.py:loop',
    'c:socket.socket.recv_into < redis/_parsers/hiredis.py:read_from_socket < redis/commands/core.py:brpop < huey/storage.py:dequeue',
    'c:socket.socket.recv < redis/connection.py:_read_from_socket < redis/client.py:brpop < huey/storage.py:dequeue',
    'c:socket.socket.recv_into < redis/connection.py:read_from_socket < redis/client.py:brpop < huey/storage.py:dequeue',
    'c:socket.socket.recv < redis/_compat.py:recv < redis/connection.py:_read_from_socket < redis/client.py:brpop < huey/storage.py:dequeue',
    'c:socket.socket.recv_into < redis/_compat.py:recv_into < redis/connection.py:read_from_socket < redis/client.py:brpop < huey/storage.py:dequeue',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < huey/consumer.py:loop < huey/consumer.py:run',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < huey/consumer.py:sleep_for_interval < huey/consumer.py:loop',
    'c:_thread.lock.acquire < threading.py:wait < threading.py:wait < huey/consumer.py:sleep < huey/consumer.py:loop',
  ],
  busy: [
    'c:time.sleep < tasks.py:add < huey/api.py:_execute < huey/api.py:execute < huey/consumer.py:loop',
    'c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < redis/commands/core.py:blpop < huey/storage.py:wait_result',
  ],
});
