// Which browsers are told that calls cannot work, and which are given the adapter.

import { describe, expect, test } from 'vitest';
import { checkSupport } from '../src/support/browser-support.js';
import { adapterGaps, loadAdapterIfNeeded } from '../src/support/load-adapter.js';

class Connection {
  readonly connectionState = 'new';
  addTransceiver(): void {}
  createDataChannel(): void {}
  restartIce(): void {}
  getStats(): void {}
  setLocalDescription(): void {}
  addIceCandidate(): void {}
}
// In browsers the state is an accessor of the prototype.
Object.defineProperty(Connection.prototype, 'connectionState', { get: () => 'new' });

class Sender {
  replaceTrack(): void {}
}

const current = {
  isSecureContext: true,
  RTCPeerConnection: Connection,
  RTCRtpSender: Sender,
  AudioContext: class {},
  navigator: { mediaDevices: {} },
};

describe('support', () => {
  test('a current browser on a secure page is fine', () => {
    expect(checkSupport(current)).toBeNull();
  });

  test('no WebRTC is missing, on insecure pages too, where HTTPS would not help', () => {
    expect(checkSupport({ ...current, RTCPeerConnection: undefined })?.code).toBe('webrtc-missing');
    expect(checkSupport({ RTCPeerConnection: undefined, isSecureContext: false })?.code).toBe(
      'webrtc-missing',
    );
  });

  test('WebRTC of before unified plan is missing', () => {
    class Old {
      createDataChannel(): void {}
      getStats(): void {}
    }
    expect(checkSupport({ ...current, RTCPeerConnection: Old })?.code).toBe('webrtc-missing');
  });

  test('an insecure page is named as such', () => {
    const scope = { ...current, isSecureContext: false, navigator: {} };
    expect(checkSupport(scope)?.code).toBe('insecure-context');
  });

  test('a secure page without devices at all is missing', () => {
    expect(checkSupport({ ...current, navigator: {} })?.code).toBe('webrtc-missing');
  });
});

describe('the adapter', () => {
  test('is not loaded by a current browser', async () => {
    expect(adapterGaps(current)).toEqual([]);
    expect(await loadAdapterIfNeeded(current)).toBe(false);
  });

  test('is not loaded where there is no WebRTC that it could mend', () => {
    expect(adapterGaps({})).toEqual([]);
  });

  test('is wanted by Firefox before 113, for connectionState', () => {
    class Firefox112 {
      setLocalDescription(): void {}
      addIceCandidate(): void {}
    }
    expect(adapterGaps({ ...current, RTCPeerConnection: Firefox112 })).toEqual(['connectionState']);
  });

  test('is wanted where a description must be given to setLocalDescription', () => {
    class Chromium79 extends Connection {
      override setLocalDescription(_description?: unknown): void {}
    }
    Object.defineProperty(Chromium79.prototype.setLocalDescription, 'length', { value: 1 });
    expect(adapterGaps({ ...current, RTCPeerConnection: Chromium79 })).toEqual(['setLocalDescription()']);
  });

  test('is wanted by Safari before 14.1, for AudioContext', () => {
    expect(adapterGaps({ ...current, AudioContext: undefined })).toEqual(['AudioContext']);
  });

  test('loads where it is wanted', async () => {
    expect(await loadAdapterIfNeeded({ ...current, AudioContext: undefined })).toBe(true);
  });
});
