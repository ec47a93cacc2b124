import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerIdIn } from '../process/process-usage.js';
import { processLabels } from './process-labels.js';

const seen = { pid: 7, commandLine: ['python', '/srv/app.py'], pythonVersion: '3.12.1' };

/** The labels of a process with these variables, and which of them were read. */
function labelled(variables: Record<string, string>, service?: string) {
  const read: string[] = [];
  const labels = processLabels(
    seen,
    { service, host: 'web-1' },
    {
      variable: (_, name) => {
        read.push(name);
        return variables[name];
      },
      container: () => undefined,
    },
  );
  return { ...labels, read };
}

test('the name is that of the agent, of OpenTelemetry, or of the command line', () => {
  const [name, attributes] = ['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES'];
  assert.equal(labelled({}).service, 'app');
  assert.equal(labelled({ [attributes]: 'a=b, service.name=shop%20api,x' }).service, 'shop api');
  assert.equal(labelled({ [name]: 'shop', [attributes]: 'service.name=other' }).service, 'shop');
  assert.equal(labelled({ [name]: 'shop' }, 'mine').service, 'mine');
  assert.equal(labelled({ [attributes]: 'service.name=%zz' }).service, '%zz');
  assert.equal(labelled({ [name]: 'shop.api\n' }).service, 'shop.api');
  assert.equal(labelled({ [name]: 'x'.repeat(500) }).service, 'x'.repeat(100));
});

test('no other variable is read', () => {
  assert.deepEqual(labelled({ SECRET: 'x' }).read, ['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES']);
  assert.deepEqual(labelled({}, 'mine').read, []);
});

test('labels say which process it is', () => {
  assert.deepEqual(labelled({}).labels, { host: 'web-1', pid: '7', python_version: '3.12.1' });
});

test('a container is known by the name of its control group', () => {
  const id = '0123456789abcdef'.repeat(4);
  for (const text of [
    `12:cpu:/docker/${id}\n0::/`,
    `0::/system.slice/docker-${id}.scope\n`,
    `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope\n`,
    `0::/kubepods/besteffort/pod1/${id}\n`,
  ])
    assert.equal(containerIdIn(text), id, text);
  assert.equal(containerIdIn('0::/user.slice/user-0.slice\n'), undefined);
});
