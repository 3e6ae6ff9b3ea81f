// How a room's media flows.

/** `mesh`: from browser to browser. `sfu`: each has one link, to the SFU, which passes on what is asked for. */
export const TOPOLOGIES = ['mesh', 'sfu'] as const;
export type Topology = (typeof TOPOLOGIES)[number];
