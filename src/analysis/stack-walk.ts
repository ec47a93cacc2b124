import { PyglassError } from '../model/error.js';
import { emptyStack, type Profile } from '../model/profile.js';

/**
 * Calls `visit` for a stack and each of its callers' stacks, innermost first, until `visit` says false or the empty
 * stack is reached. A recording whose stacks go round in a circle is refused, not followed for ever.
 */
export function walkStack(profile: Profile, innermost: number, visit: (stack: number) => boolean): void {
  const { parent } = profile.stacks;
  let steps = 0;
  for (let stack = innermost; stack !== emptyStack; stack = parent.at(stack)) {
    if (steps++ > parent.length) {
      throw new PyglassError('recording-damaged', 'A stack of the recording contains itself.', { stack });
    }
    if (!visit(stack)) return;
  }
}
