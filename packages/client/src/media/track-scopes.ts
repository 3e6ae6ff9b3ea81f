// Running tracks and the listeners on them: stopping a track ends both.

export interface TrackListener {
  /** The track ended by itself: unplugged, permission taken back, or stopped in the browser's own bar. */
  onEnded(track: MediaStreamTrack): void;
  /** `muted` has changed: the browser holds media back, or gives it again. */
  onMuteChange(): void;
}

export interface TrackScopes {
  adopt(track: MediaStreamTrack): void;
  stop(track: MediaStreamTrack): void;
}

export function createTrackScopes(listener: TrackListener): TrackScopes {
  const scopes = new Map<MediaStreamTrack, AbortController>();
  return {
    adopt(track) {
      const scope = new AbortController();
      const { signal } = scope;
      scopes.set(track, scope);
      track.addEventListener('ended', () => listener.onEnded(track), { signal });
      track.addEventListener('mute', listener.onMuteChange, { signal });
      track.addEventListener('unmute', listener.onMuteChange, { signal });
    },
    stop(track) {
      scopes.get(track)?.abort();
      scopes.delete(track);
      track.stop();
    },
  };
}
