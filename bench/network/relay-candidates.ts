// Runs in a page before its own scripts: makes every remote candidate lead through a port of the UDP relay.

/** What the page is given: free ports of the relay, and how to say whom one of them stands for. */
export interface RelayedPage {
  readonly ports: readonly { readonly address: string; readonly port: number }[];
  /** Name of the function on `window` that takes (relay port, target address, target port). */
  readonly assign: string;
}

type Setter<T> = (this: RTCPeerConnection, value: T) => Promise<void>;

/**
 * Wraps `setRemoteDescription` and `addIceCandidate` of the page's RTCPeerConnection. Candidates that are not UDP
 * over IPv4 are dropped, so that no path goes round the relay. Self-contained: it is sent to the page as text.
 */
export function relayCandidates({ ports, assign }: RelayedPage): void {
  const free = [...ports];
  const taken = new Map<string, { address: string; port: number }>();
  const relayed = (address: string, port: string) => {
    const key = `${address}:${port}`;
    const known = taken.get(key);
    if (known !== undefined) return known;
    const next = free.shift();
    if (next === undefined) throw new Error('The relay has no free port left.');
    taken.set(key, next);
    const tell: unknown = Reflect.get(window, assign);
    if (typeof tell === 'function') tell(next.port, address, Number(port));
    return next;
  };
  // RFC 8839, section 5.1: candidate:foundation component transport priority address port typ ...
  const rewrite = (candidate: string): string | null => {
    const parts = candidate.split(' ');
    const [, , transport, , address, port] = parts;
    if (transport?.toLowerCase() !== 'udp' || address === undefined || port === undefined) return null;
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return null;
    const via = relayed(address, port);
    parts[4] = via.address;
    parts[5] = String(via.port);
    return parts.join(' ');
  };
  const rewriteSdp = (sdp: string): string =>
    sdp
      .split('\r\n')
      .flatMap((line) => {
        if (!line.startsWith('a=candidate:')) return [line];
        const candidate = rewrite(line.slice(2));
        return candidate === null ? [] : [`a=${candidate}`];
      })
      .join('\r\n');

  // Without the overloads for callbacks (W3C webrtc-pc, section 4.4.3), which nobody uses here.
  const setRemoteDescription: Setter<RTCSessionDescriptionInit> =
    RTCPeerConnection.prototype.setRemoteDescription;
  const addIceCandidate: Setter<RTCIceCandidateInit | null | undefined> =
    RTCPeerConnection.prototype.addIceCandidate;
  RTCPeerConnection.prototype.setRemoteDescription = function (
    this: RTCPeerConnection,
    description: RTCSessionDescriptionInit,
  ): Promise<void> {
    const { type, sdp } = description;
    return setRemoteDescription.call(this, sdp === undefined ? { type } : { type, sdp: rewriteSdp(sdp) });
  };
  RTCPeerConnection.prototype.addIceCandidate = function (
    this: RTCPeerConnection,
    candidate?: RTCIceCandidateInit | null,
  ): Promise<void> {
    if (!candidate?.candidate) return addIceCandidate.call(this, candidate);
    const rewritten = rewrite(candidate.candidate);
    if (rewritten === null) return Promise.resolve();
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    return addIceCandidate.call(this, {
      candidate: rewritten,
      ...(sdpMid === undefined ? {} : { sdpMid }),
      ...(sdpMLineIndex === undefined ? {} : { sdpMLineIndex }),
      ...(usernameFragment === undefined ? {} : { usernameFragment }),
    });
  };
}
