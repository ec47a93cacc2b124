import { austin, austin3 } from './austin.js';
import type { Peer } from './peer.js';
import { profilingSampling } from './profiling-sampling.js';
import { pySpy } from './py-spy.js';
import { pyglass } from './pyglass.js';

/** In the order in which tables show them. */
export const peers: readonly Peer[] = [pyglass, profilingSampling, austin, austin3, pySpy];
