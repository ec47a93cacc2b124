import {
  type CompletedCommand,
  type CompletedOption,
  commandTree,
  spellings,
  type Values,
} from './command-tree.js';
import type { Shell } from './shell.js';

/**
 * https://zsh.sourceforge.io/Doc/Release/Completion-System.html: a function for fpath, which may be sourced as well.
 */
export const zsh: Shell = {
  id: 'zsh',
  install: `echo 'source <(pyglass completions zsh)' >> ~/.zshrc    # after compinit`,
  script(program) {
    const { root, commands } = commandTree(program);
    return `${prologue}

_pyglass() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
${root.options.map((option) => `    ${specification(option)} \\`).join('\n')}
    '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
${commands.map(({ name, description }) => `        '${name}:${escaped(description)}'`).join('\n')}
      )
      _describe command commands
      ;;
    argument)
      case $line[1] in
${commands.map(caseOf).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _pyglass ]]; then _pyglass "$@"; else compdef _pyglass pyglass; fi
`;
  },
};

function caseOf({ name, options, argument }: CompletedCommand): string {
  const last = argument
    ? [
        argument.values.from === 'program'
          ? `'*:::program:_normal'`
          : `'${argument.count > 1 ? '*' : '1'}:${argument.name}:${action(argument.values)}'`,
      ]
    : [];
  return `        ${name})
          _arguments -s -S \\
${[...options.map(specification), ...last].map((part) => `            ${part}`).join(' \\\n')}
          ;;`;
}

/**
 * `'(-p --pid)'{-p+,--pid=}'[process to record]:pid:_pyglass_pids'`: one or the other spelling, with what its value is.
 */
function specification(option: CompletedOption): string {
  const { short, long, description, values } = option;
  const names = [
    ...(short === undefined ? [] : [`-${short}${values ? '+' : ''}`]),
    ...(long === undefined ? [] : [`--${long}${values ? '=' : ''}`]),
  ];
  const value = values ? `:${long ?? short}:${action(values)}` : '';
  const rest = `[${escaped(description)}]${value}`;
  if (names.length === 1) return `'${names[0]}${rest}'`;
  return `'(${spellings(option).join(' ')})'{${names.join(',')}}'${rest}'`;
}

function action(values: Values): string {
  if (values.from === 'choices') return `(${values.choices.join(' ')})`;
  return { pids: '_pyglass_pids', files: '_files', program: '_normal', nothing: ' ' }[values.from];
}

function escaped(text: string): string {
  return text.replaceAll(':', '\\:');
}

const prologue = String.raw`#compdef pyglass
# Completion of pyglass for zsh. Made by: pyglass completions zsh

_pyglass_pids() {
  local pid what
  local -a pids
  while IFS=$'\t' read -r pid what; do
    pids+=("$pid:${'$'}{what//:/\\:}")
  done < <(pyglass ps --brief 2>/dev/null)
  _describe 'Python process' pids
}`;
