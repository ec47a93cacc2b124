import { firstRoom, grown } from '../../model/grown.js';
import { type IdColumn, idColumn, type NodeId } from '../../model/ids.js';
import { LastCallers } from './last-callers.js';

/**
 * Remembers the nodes of one thread's last stack, outermost first, so that frames that did not change cost no look-up.
 */
export class LastStack {
  nodes: IdColumn<NodeId> = idColumn(firstRoom);
  /** The same, or the node of the C function that the frame calls. */
  tips: IdColumn<NodeId> = idColumn(firstRoom);
  length = 0;
  /**
   * How many of them, from the outermost on, are of frames as the copy had them, and the reading (`Reading.version`)
   * that they are of.
   */
  asCopied = 0;
  version = -1;
  readonly callers = new LastCallers();

  /** How many levels need not be read again, if what is known of the thread's frames is of this version. */
  reusable(version: number): number {
    return this.version === version ? Math.min(this.length, this.asCopied) : 0;
  }

  makeRoom(depth: number): void {
    if (this.nodes.length >= depth) return;
    const size = Math.max(depth, this.nodes.length * 2);
    this.nodes = grown(this.nodes, size);
    this.tips = grown(this.tips, size);
  }
}
