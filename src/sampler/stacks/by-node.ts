import type { NodeId } from '../../model/ids.js';
import type { StackTree } from './stack-tree.js';

/** What is found out once of each node of a tree, as long as its number means the same stack. */
export class ByNode<T extends object> {
  readonly #tree: Pick<StackTree, 'version'>;
  readonly #find: (node: NodeId) => T;
  #found: (T | undefined)[] = [];
  #version = -1;

  constructor(tree: Pick<StackTree, 'version'>, find: (node: NodeId) => T) {
    this.#tree = tree;
    this.#find = find;
  }

  of(node: NodeId): T {
    if (this.#version !== this.#tree.version) {
      this.#version = this.#tree.version;
      this.#found = [];
    }
    this.#found[node] ??= this.#find(node);
    return this.#found[node];
  }
}
