import type { CodeId, NodeId } from '../../model/ids.js';
import { noNode } from './stack-tree.js';

/**
 * The callers that each function was last seen with while it was innermost. Up to 3.10 deep recursion takes its frame objects up in another order each
 * time, so that the links of a copy are of several moments while the innermost frame is certain.
 */
export class LastCallers {
  #callers: (NodeId | undefined)[] = [];

  of(code: CodeId): NodeId {
    return this.#callers[code] ?? noNode;
  }

  note(code: CodeId, callers: NodeId): void {
    this.#callers[code] = callers;
  }

  clear(): void {
    this.#callers = [];
  }
}
