// The machine of a camera or microphone by itself, for what no fake browser would do.

import { expect, test } from 'vitest';
import { type DeviceInput, type DeviceSource, deviceSource, stepDevice } from '../src/media/device-source.js';
import { deviceFailure } from '../src/media/media-failure.js';
import { FakeDeviceTrack } from '../src/testing/fake-device-track.js';

const track = (): FakeDeviceTrack => new FakeDeviceTrack('video', 'a camera', 'id', () => {});

/** Steps through inputs; gives the last state and the effects of the last step. */
function run(start: DeviceSource, ...inputs: readonly DeviceInput[]) {
  let state = start;
  let effects: readonly { readonly type: string }[] = [];
  for (const input of inputs) [state, effects] = stepDevice(state, input);
  return { state, asked: effects.map(({ type }) => type) };
}

const refusal = (name: string): DeviceInput => ({
  type: 'refused',
  failure: deviceFailure('camera', new DOMException('', name), true),
});

const seen = (changed: boolean, ...ids: string[]): DeviceInput => ({
  type: 'looked',
  ids,
  permission: 'granted',
  changed,
});

test('a browser that gives another device than was asked for is not asked for ever', () => {
  const { state, asked } = run(
    deviceSource('camera', 'front'),
    { type: 'want', wanted: true },
    { type: 'opened', track: track(), actual: 'back' },
    seen(false, 'front', 'back'),
  );
  expect(state.hold.at).toBe('open');
  expect(asked).toEqual([]);
});

test('a stand-in that cannot give way is left alone until devices change', () => {
  const standIn = run(
    deviceSource('camera', 'front'),
    { type: 'want', wanted: true },
    refusal('OverconstrainedError'),
    { type: 'opened', track: track(), actual: 'back' },
    seen(false, 'front', 'back'),
  );
  expect(standIn.asked).toEqual(['ask']);
  const refused = run(standIn.state, refusal('NotReadableError'));
  expect(refused.asked).toEqual([]);
  expect(run(refused.state, seen(true, 'front', 'back')).asked).toEqual(['ask']);
});

test('a device that is listed but never found is not looked for again by itself', () => {
  const { state, asked } = run(
    deviceSource('camera', null),
    { type: 'want', wanted: true },
    refusal('NotFoundError'),
    seen(false, 'front'),
  );
  expect(state.hold.at).toBe('failed');
  expect(asked).toEqual([]);
});

test('a system that refuses what the page may have is not asked again by itself', () => {
  const { state, asked } = run(
    deviceSource('camera', null),
    seen(false, 'front'),
    { type: 'want', wanted: true },
    refusal('NotAllowedError'),
    seen(true, 'front'),
  );
  expect(state.hold.at).toBe('failed');
  expect(asked).toEqual([]);
});

test('a track that comes when nothing was asked for is stopped', () => {
  const { asked } = run(deviceSource('camera', null), { type: 'opened', track: track(), actual: 'front' });
  expect(asked).toEqual(['stop']);
});

test('the end of a track that is held no more changes nothing', () => {
  const source = deviceSource('camera', null);
  expect(run(source, { type: 'ended', track: track() })).toEqual({ state: source, asked: [] });
});
