/** A command line without the folders of its program: these say least and come first. */
export function shortCommand(command: string): string {
  return command.replace(/^\/\S*\/(?=[^\s/])/, '');
}
