// The seam between a room and the sharing of its upload, which is loaded when one is inside.

import type { Env } from '../env/env.js';
import type { LineTracks } from '../link/peer-link.js';
import type { Members } from '../room/members.js';
import type { Trace } from '../trace/trace-event.js';

/** How a person's upload is shared among the peers of a mesh. */
export interface UploadOptions {
  /** Most bits per second that leave, sound and pictures to all peers together. Without it the network decides. */
  readonly maxBitrate?: number;
}

/** What the sharing needs of the room around it. */
export interface UploadWorld extends UploadOptions {
  readonly env: Env;
  readonly trace: Trace;
  readonly members: Members;
  /** What is published on each line. */
  tracks(): LineTracks;
  /** Whether this person speaks. */
  speaking(): boolean;
}

/** Shares the upload until it is closed. */
export interface Upload {
  /** Something about the room may have changed. Cheap: what follows is done once for many calls. */
  look(): void;
  close(): void;
}

/** The chunk that shares uploads, apart from what a page needs before a call. */
export interface UploadModule {
  shareUpload(world: UploadWorld): Upload;
}
