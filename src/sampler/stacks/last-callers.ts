import type { CodeId, NodeId } from '../../model/ids.js';

/**
 * The callers that each function was last seen with in one thread while it was innermost. Up to 3.10 deep recursion
 * takes its frame objects up in another order each time, so that the links of a copy are of several moments while the
 * innermost frame is certain. Of one thread: others may run the same function below callers of their own.
 */
export class LastCallers {
  #callers: (NodeId | undefined)[] = [];
  #version = -1;

  /**
   * `undefined` when it was not seen. `version`: that of the tree (`StackTree.version`), with which numbers of nodes
   * are void.
   */
  of(code: CodeId, version: number): NodeId | undefined {
    return version === this.#version ? this.#callers[code] : undefined;
  }

  note(code: CodeId, callers: NodeId, version: number): void {
    if (version !== this.#version) {
      this.#callers = [];
      this.#version = version;
    }
    this.#callers[code] = callers;
  }
}
