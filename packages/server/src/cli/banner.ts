// What a person sees when the server has started: where it is, how a phone gets there, what was set.

import { renderUnicodeCompact } from 'uqr';
import type { RunningServer } from '../server.js';

// White on black whatever the terminal's colours: a QR code needs its light parts light.
const QR_COLOURS = ['\u001b[97;40m', '\u001b[0m'] as const;

export interface BannerOptions {
  /** What was set, one line each. */
  readonly settings: readonly string[];
  /** True when the output is a terminal that takes colours. */
  readonly colours: boolean;
  /** Where people open it, when that is known: then nothing is said of the local network. */
  readonly publicUrl: string | null;
}

/** The lines of the banner. */
export function banner(server: RunningServer, { settings, colours, publicUrl }: BannerOptions): string {
  const lines = ['', 'Maru is running.', '', `  On this machine:  ${server.url}`];
  if (publicUrl === null) lines.push(...nearby(server, colours));
  else lines.push(`  For everyone:     ${publicUrl}`, '', qrCode(publicUrl, colours), '');
  if (settings.length > 0) lines.push('Settings:', ...settings.map((line) => `  ${line}`), '');
  lines.push('Stop with Ctrl+C.', '');
  return lines.join('\n');
}

/** Its addresses in the local network, and what a phone there has to do. */
function nearby(server: RunningServer, colours: boolean): string[] {
  const lines: string[] = [];
  const [lan] = server.lanUrls;
  server.lanUrls.forEach((url, index) => {
    lines.push(`  ${index === 0 ? 'In your network: ' : '                 '} ${url}`);
  });
  if (lan !== undefined) lines.push('', qrCode(lan, colours));
  return [...lines, ...phoneNotes(server, lan !== undefined)];
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
