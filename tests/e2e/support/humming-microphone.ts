// Runs in a page before its own scripts: a further microphone that hums one note, as a virtual one of the machine would.

/** What it is called where microphones are chosen, and its note in hertz. */
export const HUMMING_MICROPHONE = { label: 'Humming microphone', hertz: 660 } as const;

/**
 * Chromium's own fake microphones all beep alike, so that a change of microphone could not be told from none by ear,
 * and too shortly to be taken for speech. Self-contained: it is sent to the page as text.
 */
export function addHummingMicrophone({ label, hertz }: typeof HUMMING_MICROPHONE): void {
  const devices = navigator.mediaDevices;
  const deviceId = 'humming-microphone';
  const { enumerateDevices, getUserMedia } = devices;

  devices.enumerateDevices = async () => {
    const all = await enumerateDevices.call(devices);
    const info = { deviceId, groupId: deviceId, kind: 'audioinput', label } as const;
    return [...all, { ...info, toJSON: () => info }];
  };
  devices.getUserMedia = async (constraints) => {
    const audio = constraints?.audio;
    return JSON.stringify(audio)?.includes(deviceId) ? hum() : getUserMedia.call(devices, constraints);
  };

  async function hum(): Promise<MediaStream> {
    const context = new AudioContext();
    await context.resume();
    const destination = context.createMediaStreamDestination();
    const oscillator = new OscillatorNode(context, { frequency: hertz });
    oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(destination);
    oscillator.start();
    const [track] = destination.stream.getAudioTracks();
    if (track === undefined) throw new Error('The context gives no track.');
    const { getSettings, stop } = track;
    track.getSettings = () => ({ ...getSettings.call(track), deviceId });
    track.stop = () => {
      stop.call(track);
      void context.close();
    };
    return destination.stream;
  }
}
