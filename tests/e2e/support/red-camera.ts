// Runs in a page before its own scripts: a second camera whose picture is red, as a virtual camera of the machine would be.

/** What it is called where cameras are chosen. */
export const RED_CAMERA = 'Red camera';

/**
 * Chromium's own fake cameras all paint the same green (but for one, in a depth format that WebRTC does not send), so
 * a change of camera could not be told from none. Self-contained: it is sent to the page as text.
 */
export function addRedCamera(label: string): void {
  const devices = navigator.mediaDevices;
  const deviceId = 'red-camera';
  const { enumerateDevices, getUserMedia } = devices;

  devices.enumerateDevices = async () => {
    const all = await enumerateDevices.call(devices);
    const info = { deviceId, groupId: deviceId, kind: 'videoinput', label } as const;
    return [...all, { ...info, toJSON: () => info }];
  };
  devices.getUserMedia = async (constraints) => {
    const video = constraints?.video;
    return JSON.stringify(video)?.includes(deviceId) ? red() : getUserMedia.call(devices, constraints);
  };

  function red(): MediaStream {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 360;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('No canvas to paint on.');
    const stream = canvas.captureStream();
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new Error('The canvas gives no track.');
    const { getSettings } = track;
    track.getSettings = () => ({ ...getSettings.call(track), deviceId });
    let frame = 0;
    const paint = setInterval(() => {
      if (track.readyState === 'ended') clearInterval(paint);
      frame += 1;
      context.fillStyle = '#c00';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = '#f66';
      context.fillRect((frame * 8) % canvas.width, 0, 32, canvas.height);
    }, 50);
    return stream;
  }
}
