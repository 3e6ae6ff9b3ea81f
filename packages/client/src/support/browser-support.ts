// Whether calls can work in this browser on this page at all, by features and never by names.

import { MaruError } from '../maru-error.js';

/** What of a window the check looks at. */
export interface SupportScope {
  readonly isSecureContext?: boolean | undefined;
  readonly RTCPeerConnection?: { readonly prototype: object } | undefined;
  readonly RTCRtpSender?: { readonly prototype: object } | undefined;
  readonly navigator?: { readonly mediaDevices?: object | undefined } | undefined;
}

/** What every link uses and no shim brings (W3C webrtc-pc, sections 4.4, 5.1, 5.2 and 6.1). */
const NEEDED = ['addTransceiver', 'createDataChannel', 'restartIce', 'getStats'] as const;

/**
 * Null when calls can work here. `webrtc-missing`: the browser has no WebRTC, or one without unified plan.
 * `insecure-context`: the page is neither HTTPS nor local (W3C secure-contexts), so browsers give no devices.
 */
export function checkSupport(scope: SupportScope = globalThis): MaruError | null {
  const { RTCPeerConnection, RTCRtpSender } = scope;
  const complete =
    RTCPeerConnection !== undefined &&
    NEEDED.every((name) => name in RTCPeerConnection.prototype) &&
    RTCRtpSender !== undefined &&
    'replaceTrack' in RTCRtpSender.prototype;
  if (!complete) return new MaruError('webrtc-missing');
  if (scope.isSecureContext === false) return new MaruError('insecure-context');
  return scope.navigator?.mediaDevices ? null : new MaruError('webrtc-missing');
}
