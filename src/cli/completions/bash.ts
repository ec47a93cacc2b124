import {
  type CompletedCommand,
  type CompletedOption,
  commandTree,
  spellings,
  type Values,
} from './command-tree.js';
import type { Shell } from './shell.js';

/**
 * Bash 4 or later, without the bash-completion package:
 * https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
export const bash: Shell = {
  id: 'bash',
  install: `echo 'source <(pyglass completions bash)' >> ~/.bashrc`,
  script(program) {
    const { root, commands } = commandTree(program);
    const words = [...commands.map(({ name }) => name), ...root.options.flatMap(spellings)];
    return `${prologue}
  case $command in
    '')
      _pyglass_words ${words.join(' ')}
      ;;
${commands.map(caseOf).join('\n')}
  esac
}
complete -F _pyglass pyglass
`;
  },
};

function caseOf({ name, options, argument }: CompletedCommand): string {
  const values = argument?.values ?? { from: 'nothing' };
  const words = `_pyglass_words ${options.flatMap(spellings).join(' ')}`;
  const withoutDash = values.from === 'program' ? `${words} --` : complete(values);
  return `    ${name})
${valuesOf(options)}      if [[ $current == -* ]]; then
        ${words}
      else
        ${withoutDash}
      fi
      ;;`;
}

function valuesOf(options: readonly CompletedOption[]): string {
  const cases = options.flatMap((option) =>
    option.values === undefined
      ? []
      : `        ${spellings(option).join(' | ')})
          ${complete(option.values)}
          return
          ;;
`,
  );
  return cases.length === 0 ? '' : `      case $previous in\n${cases.join('')}      esac\n`;
}

function complete(values: Values): string {
  if (values.from === 'choices') return `_pyglass_words ${values.choices.join(' ')}`;
  return { pids: '_pyglass_pids', files: 'compopt -o default', program: '_pyglass_program', nothing: ':' }[
    values.from
  ];
}

const prologue = String.raw`# Completion of pyglass for bash. Made by: pyglass completions bash

_pyglass_words() {
  local word
  for word; do
    if [[ $word == "$current"* ]]; then COMPREPLY+=("$word"); fi
  done
}

_pyglass_pids() {
  local pid what
  while IFS=$'\t' read -r pid what; do
    if [[ $pid == "$current"* ]]; then COMPREPLY+=("$pid  $what"); fi
  done < <(pyglass ps --brief 2>/dev/null)
  # What a process is helps to choose, and must not end up in the command line.
  if [[ ${'$'}{#COMPREPLY[@]} == 1 || $COMP_TYPE == 37 || $COMP_TYPE == 42 ]]; then
    COMPREPLY=("${'$'}{COMPREPLY[@]%%  *}")
  fi
}

# After -- comes a program, then what it takes.
_pyglass_program() {
  if ((COMP_CWORD == $1 + 1)); then
    mapfile -t COMPREPLY < <(compgen -c -- "$current")
  else
    compopt -o default
  fi
}

_pyglass() {
  local current=${'$'}{COMP_WORDS[COMP_CWORD]} previous=${'$'}{COMP_WORDS[COMP_CWORD - 1]} command='' at
  COMPREPLY=()
  # --pid=1 comes as three words.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous=${'$'}{COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    if [[ ${'$'}{COMP_WORDS[at]} == -- ]]; then
      _pyglass_program "$at"
      return
    elif [[ $command == '' && ${'$'}{COMP_WORDS[at]} != -* ]]; then
      command=${'$'}{COMP_WORDS[at]}
    fi
  done`;
