/** Remembers the nodes of one thread's last stack, outermost first, so that frames that did not change cost no look-up. */
export class LastStack {
  nodes = new Int32Array(64);
  /** The same, or the node of the C function that the frame calls. */
  tips = new Int32Array(64);
  length = 0;
  /** How many of them, from the outermost on, are of frames as the copy had them, and the walk (`Walk.version`) that they are of. */
  asCopied = 0;
  version = -1;

  /** How many levels a walk need not look at again, if what is known of the thread's frames is of this version. */
  reusable(version: number): number {
    return this.version === version ? Math.min(this.length, this.asCopied) : 0;
  }
}
