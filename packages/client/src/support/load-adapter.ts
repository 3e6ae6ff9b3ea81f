// webrtc-adapter, for browsers that lack something that it brings. It comes in a chunk of its own: 13 kB gzipped
// that current browsers do not download.

/** What of a window the tests look at. */
export interface AdapterScope {
  readonly RTCPeerConnection?: { readonly prototype: object } | undefined;
  readonly AudioContext?: unknown;
  readonly RTCRtpSender?: { readonly prototype: object } | undefined;
  readonly RTCIceCandidate?: { readonly prototype: object } | undefined;
}

/** One thing that the client uses, that some browser lacks, and that the adapter brings. */
interface Gap {
  readonly name: string;
  missing(scope: AdapterScope, prototype: object): boolean;
}

const GAPS: readonly Gap[] = [
  // Firefox before 113 (adapter: shimConnectionState).
  { name: 'connectionState', missing: (_, prototype) => !('connectionState' in prototype) },
  // Chromium before 80, Firefox before 75, Safari before 14 (adapter: shimParameterlessSetLocalDescription). Where
  // the description is optional, WebIDL counts no required argument.
  {
    name: 'setLocalDescription()',
    missing: (_, prototype) => argumentsOf(prototype, 'setLocalDescription') > 0,
  },
  // Chromium before 78, Firefox before 68 (adapter: shimAddIceCandidateNullOrEmpty).
  { name: 'addIceCandidate()', missing: (_, prototype) => argumentsOf(prototype, 'addIceCandidate') > 0 },
  // Safari before 14.1 has it under a prefix only (adapter: shimAudioContext).
  { name: 'AudioContext', missing: (scope) => scope.AudioContext === undefined },
];

function argumentsOf(prototype: object, method: string): number {
  const found: unknown = Reflect.get(prototype, method);
  return typeof found === 'function' ? found.length : 0;
}

/** Names of what the adapter has to bring; nothing in a current browser, and in one without any WebRTC. */
export function adapterGaps(scope: AdapterScope = globalThis): readonly string[] {
  const prototype = scope.RTCPeerConnection?.prototype;
  if (!prototype) return [];
  return GAPS.filter((gap) => gap.missing(scope, prototype)).map(({ name }) => name);
}

/**
 * Loads webrtc-adapter where something that it brings is missing; call it before the first connection is made.
 * Resolves to whether it was loaded. Rejects when it was needed and its chunk did not come.
 */
export async function loadAdapterIfNeeded(scope: AdapterScope = globalThis): Promise<boolean> {
  if (adapterGaps(scope).length === 0) return false;
  await import('webrtc-adapter');
  return true;
}
