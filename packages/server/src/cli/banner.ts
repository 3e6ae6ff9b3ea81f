// What a person sees when the server has started: where it is, how a phone gets there, what was set.

import { renderUnicodeCompact } from 'uqr';
import type { RunningServer } from '../server.js';
import type { SfuStatus } from '../sfu/sfu-service.js';

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
  lines.push(...largeRooms(server.sfu));
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

/** Where the media of large rooms goes, and what is in its way. */
function largeRooms(sfu: SfuStatus): string[] {
  switch (sfu.kind) {
    case 'off':
      return [];
    case 'unavailable':
      return ['Large rooms are not possible here:', `  ${sfu.reason}`, ''];
    case 'running': {
      const lines = [
        `Large rooms go through UDP ${ports(sfu.ports)}, announced at ${sfu.addresses.join(', ')}.`,
        '',
      ];
      if (sfu.reachableFromOutside) return lines;
      return [
        ...lines,
        'Those are addresses of your own network: from elsewhere, large rooms will have no picture and',
        'no sound. Say where this machine is found with --sfu-announce, such as --sfu-announce 203.0.113.5.',
        '',
      ];
    }
  }
}

/** `port 8080`, or `ports 8080 to 8082` where they follow each other. */
function ports(all: readonly number[]): string {
  const [first = 0] = all;
  if (all.length === 1) return `port ${first}`;
  const inARow = all.every((port, index) => port === first + index);
  return inARow ? `ports ${first} to ${first + all.length - 1}` : `ports ${all.join(', ')}`;
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
