import { frameworkContract } from '../../tests/support/framework-contract.js';
import { rq } from './rq.js';

const asks = [
  'redis/client.py:execute_command < redis/commands/core.py:blpop < rq/queue.py:lpop < rq/queue.py:dequeue_any',
  'redis/client.py:execute_command < redis/commands/core.py:blmove < rq/queue.py:lmove < rq/queue.py:dequeue_any',
];

frameworkContract(rq, {
  programs: [
    { command: 'python /bin/rq worker high default', ps: 'RQ worker' },
    { command: 'python /bin/rqworker', ps: 'RQ worker job', below: ['python /bin/rqworker'] },
  ],
  idle: asks.flatMap((asked) => [
    `c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < redis/_parsers/socket.py:readline < ${asked}`,
    `c:socket.socket.recv_into < redis/_parsers/hiredis.py:read_from_socket < redis/_parsers/hiredis.py:read_response < ${asked}`,
    `c:socket.socket.recv < redis/connection.py:_read_from_socket < redis/connection.py:readline < ${asked}`,
    `c:socket.socket.recv_into < redis/connection.py:read_from_socket < redis/connection.py:read_response < ${asked}`,
    `c:socket.socket.recv < redis/_compat.py:recv < redis/connection.py:_read_from_socket < ${asked}`,
    `c:socket.socket.recv_into < redis/_compat.py:recv_into < redis/connection.py:read_from_socket < ${asked}`,
  ]),
  busy: [
    'c:time.sleep < jobs.py:send_mail < rq/job.py:_execute < rq/job.py:perform < rq/worker/base.py:perform_job',
    'c:socket.socket.recv < redis/_parsers/socket.py:_read_from_socket < redis/client.py:execute_command < rq/job.py:fetch < rq/queue.py:dequeue_any',
    // It has a job: its child works on it.
    'c:os.wait4 < rq/worker/worker_classes.py:wait_for_horse < rq/worker/worker_classes.py:monitor_work_horse',
  ],
});
