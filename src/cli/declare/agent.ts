import { type Command, Option } from 'commander';
import { type AgentKey, type AgentOption, agentOptions, flagOf } from '../../agent/agent-options.js';
import { refuseOtherMachine } from '../other-machine.js';

const examples = `Examples:
  pyglass agent --push http://localhost:4040       all that may be read here
  pyglass agent --folder profiles --user www-data  into a folder
  pyglass agent --config /etc/pyglass/agent.yaml
`;

const after = `
Each option may be in the file of --config, as maxCpu: 2%, and in the
environment, as PYGLASS_AGENT_MAX_CPU. Flags come first, then the environment.

Signals:
  INT, TERM   send the last profiles and end
  HUP         read the configuration again`;

export function declareAgent(program: Command, end: (status: number) => void): void {
  const command = program
    .command('agent')
    .description('profile the Python processes of this machine until it is stopped')
    .option('--config <file>', 'YAML file with options (docs/fleet.md)');
  for (const key of Object.keys(agentOptions) as AgentKey[]) command.addOption(optionOf(key));
  command
    .addHelpText('before', examples)
    .addHelpText('after', after)
    .hook('preAction', refuseOtherMachine)
    .action(async ({ config, ...flags }: { readonly config?: string }) => {
      const { agent } = await import('../commands/agent.js');
      end(await agent(flags, config));
    });
}

/** A value is checked with those of the file and the environment. */
function optionOf(key: AgentKey): Option {
  const { value, description, shownDefault, isList, choices } = agentOptions[key] as AgentOption<unknown>;
  const option = new Option(value === undefined ? flagOf(key) : `${flagOf(key)} <${value}>`, description);
  if (shownDefault !== undefined) option.default(undefined, shownDefault);
  // For help and completions alone.
  if (choices) option.argChoices = [...choices];
  return isList
    ? option.argParser((text: string, before: readonly string[] = []) => [...before, text])
    : option;
}
