// How long each step of the ladder may take, and why.

/**
 * How long ICE may be `disconnected` before anything is done. Browsers say so after 2.5 to 5 s without an answer to
 * their checks, and mostly recover by themselves from a short loss of radio (RFC 7675, section 5.1: consent lasts 30 s).
 */
export const DISCONNECTED_GRACE_MS = 2_000;

/** How long a hint that the network has changed is checked against what arrives: half a second holds 25 voice packets. */
export const PROBE_MS = 500;

/** The same before a fresh connection takes the place of one that still says it works: a slow answer may arrive. */
export const LONG_PROBE_MS = 2_000;

/** What a browser may take to answer beyond the probe itself; an answer that never comes leaves the path as it is. */
export const PROBE_SLACK_MS = 1_500;

/**
 * How long a first connection may take before the person is told what stands in its way, within 10 s (LAD-9). Checks
 * of RFC 8445, section 14 on a path with 600 ms round trips, behind a relay over TLS, end within it; most take under 1 s.
 */
export const FIRST_CONNECTION_MS = 8_000;

/** How long that is at least from the other end's offer on, however late it came: most paths are found in under 1 s. */
export const LATE_OFFER_MS = 3_000;

/** How long an ICE restart may take: one signalling round trip and one set of checks; DTLS is kept. */
export const ICE_RESTART_MS = 6_000;

/**
 * From when on a hint during an ICE restart tells of another change of the network: those of one change come within a
 * second or so, and a restart that is begun anew for each of them would never end.
 */
export const RESTARTED_MS = 2_000;

/** How long the polite end waits for the restart that it asked for: a signalling round trip or two on a slow path. */
export const ASK_MS = 5_000;

/** How long a fresh connection may take, over a relay or any way: the same work as a first one. */
export const RELAY_MS = 8_000;
export const REBUILD_MS = 10_000;

/** How many fresh connections in a row are tried before a link is given up (LAD-4). */
export const MAX_REBUILDS = 2;

/** After giving up, how soon it is quietly tried again: at first, and at most, each time twice as long (LAD-4). */
export const QUIET_MS = 15_000;
export const LONGEST_QUIET_MS = 60_000;

/** The polite end waits this many times as long for what the other end should do first (LAD-6). */
export const POLITE_PATIENCE = 2;

/**
 * A timer that is this late says that the page slept, so that nothing could come meanwhile. It is not sure: timers
 * of a hidden page without a connection may run only once a minute (Chromium's intensive throttling).
 */
export const SLEPT_MS = 3_000;

/** Late timers in a row for which a step is put off; the next one is believed, since a throttled page has no others. */
export const MOST_SLEEPS = 2;
