// What a person sees when the server has started: where it is, how a phone gets there, what was set.

import { renderUnicodeCompact } from 'uqr';
import type { RunningServer } from '../server.js';

// White on black whatever the terminal's colours: a QR code needs its light parts light.
const QR_COLOURS = ['\u001b[97;40m', '\u001b[0m'] as const;

/** The lines of the banner. `settings`: what was set; `colours`: the output is a terminal that takes them. */
export function banner(server: RunningServer, settings: readonly string[], colours: boolean): string {
  const [lan] = server.lanUrls;
  const lines = ['', 'Maru is running.', '', `  On this machine:  ${server.url}`];
  server.lanUrls.forEach((url, index) => {
    lines.push(`  ${index === 0 ? 'In your network: ' : '                 '} ${url}`);
  });
  if (lan !== undefined) lines.push('', qrCode(lan, colours));
  lines.push(...phoneNotes(server, lan !== undefined));
  if (settings.length > 0) lines.push('Settings:', ...settings.map((line) => `  ${line}`), '');
  lines.push('Stop with Ctrl+C.', '');
  return lines.join('\n');
}

function phoneNotes(server: RunningServer, reachable: boolean): string[] {
  if (server.selfSigned) {
    return [
      '',
      'The certificate is self-signed: it encrypts, but no authority vouches for it. Browsers will say',
      '"Your connection is not private" or "Potential Security Risk Ahead". Choose "Advanced" and then',
      '"Proceed" or "Accept the Risk and Continue"; on an iPhone "Show Details" and "visit this website".',
      '',
    ];
  }
  if (reachable && server.url.startsWith('http:')) {
    return [
      '',
      'Browsers give camera and microphone only over HTTPS, except on this machine itself.',
      'For phones and other machines start with:  npm start -- --https',
      '',
    ];
  }
  return [''];
}

function qrCode(url: string, colours: boolean): string {
  const [on, off] = colours ? QR_COLOURS : ['', ''];
  return renderUnicodeCompact(url, { border: 2 })
    .split('\n')
    .map((line) => `  ${on}${line}${off}`)
    .join('\n');
}
