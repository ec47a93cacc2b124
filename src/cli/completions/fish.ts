import { type CompletedCommand, type CompletedOption, commandTree, type Values } from './command-tree.js';
import type { Shell } from './shell.js';

/** https://fishshell.com/docs/current/completions.html */
export const fish: Shell = {
  id: 'fish',
  install: 'pyglass completions fish > ~/.config/fish/completions/pyglass.fish',
  script(program) {
    const { root, commands } = commandTree(program);
    return `# Completion of pyglass for fish. Made by: pyglass completions fish

complete -c pyglass -f
${root.options.map((option) => line('__fish_use_subcommand', option)).join('\n')}
${commands.map(linesOf).join('\n')}
`;
  },
};

function linesOf({ name, description, options, argument }: CompletedCommand): string {
  const here = `__fish_seen_subcommand_from ${name}`;
  const lines = [
    `\ncomplete -c pyglass -n __fish_use_subcommand -a ${name} -d '${description}'`,
    ...options.map((option) => line(here, option)),
  ];
  const values = argument?.values;
  if (values?.from === 'program')
    lines.push(`complete -c pyglass -n '${here}; and contains -- -- (commandline -opc)' -F`);
  else if (values) lines.push(`complete -c pyglass -n '${here}' ${valueFlags(values, true)}`);
  return lines.join('\n');
}

function line(condition: string, { short, long, description, values }: CompletedOption): string {
  const names = [short === undefined ? '' : `-s ${short}`, long === undefined ? '' : `-l ${long}`];
  return [
    `complete -c pyglass -n '${condition}'`,
    ...names,
    values ? valueFlags(values, false) : '',
    `-d '${description}'`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** `-x`: a value and nothing else; `-r -F`: a value that is a file. */
function valueFlags(values: Values, isArgument: boolean): string {
  if (values.from === 'files') return isArgument ? '-F' : '-r -F';
  const exclusive = isArgument ? '' : '-x ';
  if (values.from === 'choices') return `${exclusive}-a '${values.choices.join(' ')}'`;
  return values.from === 'pids' ? `${exclusive}-a '(pyglass ps --brief 2>/dev/null)'` : exclusive.trim();
}
