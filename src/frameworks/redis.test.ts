import { frameworkContract } from '../../tests/support/framework-contract.js';
import { redis } from './redis.js';

const listens = 'redis/client.py:parse_response < redis/client.py:get_message < redis/client.py:run';
const asks = 'redis/client.py:execute_command < redis/commands/core.py:get';

frameworkContract(redis, {
  idle: [
    `c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < redis/_parsers/socket.py:can_read < ${listens}`,
    `c:socket.socket.recv_into < redis/_parsers/hiredis.py:read_from_socket < redis/_parsers/hiredis.py:can_read < ${listens}`,
    `c:socket.socket.recv < redis/connection.py:_read_from_socket < redis/connection.py:can_read < ${listens}`,
    `c:socket.socket.recv_into < redis/connection.py:read_from_socket < redis/connection.py:can_read < ${listens}`,
    `c:socket.socket.recv < redis/_compat.py:recv < redis/connection.py:_read_from_socket < ${listens}`,
    `c:socket.socket.recv_into < redis/_compat.py:recv_into < redis/connection.py:read_from_socket < ${listens}`,
  ],
  busy: [
    // A reply that a program, or its handler of messages, waits for.
    `c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < ${asks} < app.py:view`,
    `c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < ${asks} < app.py:handler < redis/client.py:handle_message < redis/client.py:get_message < redis/client.py:run`,
  ],
});
