import type { Losses } from '../model/profile.js';
import type { PayloadCursor } from './payload-cursor.js';

/** Totals so far, which replace those before. */
export function readLosses(body: PayloadCursor, losses: Losses): void {
  losses.missed = body.varint();
  losses.retried = body.varint();
  losses.torn = body.varint();
  losses.truncated = body.varint();
  losses.unreadTasks = body.left > 0 ? body.varint() : 0;
}
