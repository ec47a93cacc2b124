import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type AgentKey,
  type AgentOption,
  agentOptions,
  flagOf,
  variableOf,
} from '../../src/agent/agent-options.js';
import { readConfig } from '../../src/agent/read-config.js';
import { otlpRelease } from '../../src/formats/otlp/otlp-messages.js';
import { withFolder } from '../support/recordings.js';
import { textOf } from '../support/repository.js';

/** Rows of the table of options, without the padding of its columns. */
function optionRows(): string[] {
  return textOf('docs/fleet.md')
    .split('\n')
    .filter((line) => /^\| `--/.test(line) && line.includes('PYGLASS_AGENT_'))
    .map((line) => line.replace(/ +\|/g, ' |'));
}

test('the table of options in docs/fleet.md is that of the agent', () => {
  const rows = (Object.keys(agentOptions) as AgentKey[]).map((key) => {
    const { description, choices, shownDefault = '' } = agentOptions[key] as AgentOption<unknown>;
    const meaning = choices ? `${description} (${choices.join(', ')})` : description;
    const cells = [`\`${flagOf(key)}\``, `\`${key}\``, `\`${variableOf(key)}\``, meaning, shownDefault];
    return `| ${cells.join(' | ')} |`.replace(/ +\|/g, ' |');
  });
  assert.deepEqual(optionRows(), rows);
});

test('docs/fleet.md names the release of the messages', () => {
  assert.ok(textOf('docs/fleet.md').includes(`opentelemetry-proto ${otlpRelease},`), otlpRelease);
});

/** Checked as a file of the agent. */
function assertConfig(text: string): Promise<void> {
  return withFolder((folder) => {
    const file = `${folder}/agent.yaml`;
    writeFileSync(file, text);
    assert.ok(readConfig({ flags: {}, environment: {}, file }).push);
  });
}

test('the example of a configuration is one', () => assertConfig(textOf('examples/agent/agent.yaml')));

const works = (command: string, ...args: string[]) =>
  spawnSync(command, args).status === 0 ? false : `${command} ${args.join(' ')} does not work here`;

test('systemd takes the unit', { skip: works('systemd-analyze', '--version') }, () =>
  withFolder((folder) => {
    const unit = textOf('examples/agent/pyglass-agent.service');
    const file = `${folder}/pyglass-agent.service`;
    // There is no pyglass in its place here.
    writeFileSync(file, unit.replace('/usr/local/bin/pyglass', process.execPath));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    const about = stderr.split('\n').filter((line) => line.includes('pyglass-agent.service'));
    assert.deepEqual([about, status], [[], 0], stderr);
  }),
);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly hostPID: boolean;
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
        readonly volumes: readonly {
          readonly name: string;
          readonly configMap?: { readonly name: string };
        }[];
      };
    };
  };
}

test('the DaemonSet is YAML that fits together', {
  skip: works('python3', '-c', 'import yaml'),
}, async () => {
  const script = 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))';
  const output = execFileSync('python3', ['-c', script], { input: textOf('examples/agent/daemonset.yaml') });
  const [config, daemons] = JSON.parse(String(output)) as Manifest[];
  assert.deepEqual([config!.kind, daemons!.kind], ['ConfigMap', 'DaemonSet']);
  await assertConfig(config!.data!['agent.yaml']!);
  const { selector, template } = daemons!.spec!;
  assert.deepEqual(selector.matchLabels, template.metadata.labels);
  const { containers, volumes, hostPID } = template.spec;
  assert.ok(hostPID);
  const [container] = containers;
  const names = volumes.map(({ name }) => name).sort();
  assert.deepEqual(container!.volumeMounts.map(({ name }) => name).sort(), names);
  assert.equal(volumes.find(({ configMap }) => configMap)!.configMap!.name, config!.metadata.name);
  for (const path of container!.args.filter((arg) => arg.startsWith('/')))
    assert.ok(
      container!.volumeMounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`)),
      path,
    );
});
