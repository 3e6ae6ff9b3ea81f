// The one table of settings: flag, environment variable, meaning and bounds of each. Help, README and checks use it.

import { MAX_ICE_SERVERS, MAX_ROOM_LIMIT, VIDEO_CODECS } from '@maru/protocol';
import * as v from 'valibot';
import { DEFAULT_CONFIG, LOG_LEVELS } from './server-config.js';
import {
  cspSource,
  flagText,
  hostAndPort,
  hostName,
  inKilobits,
  inSeconds,
  ipAddress,
  kilobits,
  many,
  nullableText,
  nullableWhole,
  one,
  origin,
  proxySource,
  seconds,
  secretText,
  type Target,
  text,
  url,
  userName,
  webOrigin,
  whole,
} from './setting-values.js';

/** One setting. */
export interface Setting extends Target {
  /** Flag without its dashes. The environment variable is `MARU_` and the flag in capitals. */
  readonly flag: string;
  readonly kind: 'switch' | 'text' | 'list';
  /** What stands for the value in the help. */
  readonly value: string;
  readonly help: string;
  /** The default in words, where printing the value would not say it. */
  readonly defaultText: string;
  /** What must be given, for the error sentence: "--port must be ...". */
  readonly expects: string;
}

/** The name of a setting in the environment. */
export const environmentName = (setting: Setting): string =>
  `MARU_${setting.flag.toUpperCase().replaceAll('-', '_')}`;

type Row = Omit<Setting, 'kind' | 'value' | 'defaultText'> & Partial<Pick<Setting, 'value' | 'defaultText'>>;

const row = (kind: Setting['kind'], entry: Row): Setting => ({
  kind,
  value: '',
  defaultText: 'none',
  ...entry,
});

const { port, maxRooms, maxConnections, maxConnectionsPerAddress } = DEFAULT_CONFIG;

export const SETTINGS: readonly Setting[] = [
  row('text', {
    flag: 'host',
    value: '<address>',
    help: 'Address to listen on.',
    defaultText: 'every interface',
    expects: 'an address of this machine, such as 127.0.0.1',
    ...one('host', text),
  }),
  row('text', {
    flag: 'port',
    value: '<number>',
    help: 'TCP port to listen on; 0 takes a free one.',
    defaultText: String(port),
    expects: 'a number from 0 to 65535',
    ...one('port', whole(0, 65_535)),
  }),
  row('switch', {
    flag: 'https',
    help: 'Serves HTTPS: with --cert and --key, else with a self-signed certificate that is made once and kept.',
    defaultText: 'off',
    expects: 'true or false',
    ...one('https', flagText),
  }),
  row('text', {
    flag: 'cert',
    value: '<file>',
    help: 'Certificate chain in PEM; switches HTTPS on.',
    expects: 'the path of a PEM file',
    ...one('certFile', nullableText),
  }),
  row('text', {
    flag: 'key',
    value: '<file>',
    help: 'Private key of the certificate in PEM.',
    expects: 'the path of a PEM file',
    ...one('keyFile', nullableText),
  }),
  row('text', {
    flag: 'public-url',
    value: '<address>',
    help: 'Address at which people open it, such as https://meet.example.org: printed at the start, checked by the doctor.',
    expects: 'an address such as https://meet.example.org, without a path',
    ...one('publicUrl', webOrigin),
  }),
  row('text', {
    flag: 'data-dir',
    value: '<folder>',
    help: 'Where the self-signed certificate and the key of resume tokens are kept.',
    defaultText: DEFAULT_CONFIG.dataDir,
    expects: 'the path of a folder',
    ...one('dataDir', text),
  }),
  row('text', {
    flag: 'web-root',
    value: '<folder>',
    help: 'Folder of the built page.',
    defaultText: 'the page of this version',
    expects: 'the path of a folder',
    ...one('webRoot', text),
  }),
  row('text', {
    flag: 'secret',
    value: '<text>',
    help: 'Signs resume tokens; at least 32 characters. Set it where the data folder does not outlive a restart.',
    defaultText: 'made once and kept',
    expects: 'a text of 32 to 512 characters',
    ...one('secret', secretText(32)),
  }),
  row('text', {
    flag: 'room-limit',
    value: '<number>',
    help: 'Most people in a room; without the SFU at most 16.',
    defaultText: '30, or 6 without the SFU',
    expects: `a number from 2 to ${MAX_ROOM_LIMIT}`,
    ...one('roomLimit', nullableWhole(2, MAX_ROOM_LIMIT)),
  }),
  row('text', {
    flag: 'mesh-limit',
    value: '<number>',
    help: 'Most people whose browsers send to each other directly; the media of a larger room goes through the SFU.',
    defaultText: String(DEFAULT_CONFIG.meshLimit),
    expects: 'a number from 0 to 16',
    ...one('meshLimit', whole(0, 16)),
  }),
  row('text', {
    flag: 'sfu-workers',
    value: '<number>',
    help: 'Processes of the SFU; 0 switches it off.',
    defaultText: 'one per core less one',
    expects: 'a number from 0 to 64',
    ...one('sfuWorkers', nullableWhole(0, 64)),
  }),
  row('text', {
    flag: 'sfu-port',
    value: '<number>',
    help: 'UDP port of the SFU. Each worker has one of its own, unless --sfu-one-port: the first has this, each further one the next. 0 takes free ones.',
    defaultText: 'the number of --port',
    expects: 'a number from 0 to 65535',
    ...one('sfuPort', nullableWhole(0, 65_535)),
  }),
  row('switch', {
    flag: 'sfu-one-port',
    help: 'All workers of the SFU behind its one UDP port, for firewalls that open no more. Each packet then takes more processor time.',
    defaultText: 'off',
    expects: 'true or false',
    ...one('sfuOnePort', flagText),
  }),
  row('list', {
    flag: 'sfu-announce',
    value: '<address>',
    help: 'Where browsers find the SFU, for a machine that does not know its public address: an IP address, a name, stun (as the STUN servers see it), or local (its own).',
    defaultText: 'local',
    expects: 'an IP address, a name, stun, or local, and at most 8 times',
    ...many('sfuAnnounce', hostName, 8),
  }),
  row('text', {
    flag: 'sfu-bind',
    value: '<address>',
    help: 'Address that the SFU listens on.',
    defaultText: 'every interface',
    expects: 'an IP address of this machine',
    ...one('sfuBind', ipAddress),
  }),
  row('list', {
    flag: 'sfu-codec',
    value: '<name>',
    help: 'Video codec that rooms of the SFU may use, the preferred first: everyone sends the first that their browser makes in several sizes and all in the room decode.',
    defaultText: VIDEO_CODECS.join(', '),
    expects: `one of ${VIDEO_CODECS.join(', ')}`,
    ...many('sfuCodecs', v.picklist(VIDEO_CODECS), VIDEO_CODECS.length),
  }),
  row('text', {
    flag: 'sfu-max-links',
    value: '<number>',
    help: 'Most people whose media goes through one worker of the SFU.',
    defaultText: String(DEFAULT_CONFIG.sfuMaxLinks),
    expects: 'a number from 1 to 100000',
    ...one('sfuMaxLinks', whole(1, 100_000)),
  }),
  row('text', {
    flag: 'sfu-max-rooms',
    value: '<number>',
    help: 'Most rooms on one worker of the SFU.',
    defaultText: String(DEFAULT_CONFIG.sfuMaxRooms),
    expects: 'a number from 1 to 100000',
    ...one('sfuMaxRooms', whole(1, 100_000)),
  }),
  row('text', {
    flag: 'sfu-link-bitrate',
    value: '<kbit/s>',
    help: 'Most that the SFU sends to one person, and takes from one, in kbit/s.',
    defaultText: inKilobits(DEFAULT_CONFIG.sfuLinkBitrate),
    expects: 'a number of kbit/s from 100 to 1000000',
    ...one('sfuLinkBitrate', kilobits(100, 1_000_000), inKilobits),
  }),
  row('text', {
    flag: 'grace',
    value: '<seconds>',
    help: 'How long a place is kept for someone who lost the connection.',
    defaultText: String(DEFAULT_CONFIG.graceMs / 1_000),
    expects: 'a number of seconds from 1 to 600',
    ...one('graceMs', seconds(1, 600), inSeconds),
  }),
  row('list', {
    flag: 'stun',
    value: '<url>',
    help: 'STUN server for calls across networks, such as stun:stun.example.org:3478.',
    expects: `an address that begins with stun: or stuns:, and at most ${MAX_ICE_SERVERS} times`,
    ...many('stun', url(/^stuns?:[^\s/,]+$/), MAX_ICE_SERVERS),
  }),
  row('list', {
    flag: 'turn',
    value: '<url>',
    help: 'TURN relay for calls that find no direct path, such as turn:turn.example.org:3478.',
    expects: `an address that begins with turn: or turns:, and at most ${MAX_ICE_SERVERS} times`,
    ...many('turn', url(/^turns?:[^\s/,]+$/), MAX_ICE_SERVERS),
  }),
  row('text', {
    flag: 'turn-secret',
    value: '<text>',
    help: 'Secret shared with the TURN server (use-auth-secret of coturn): everyone gets short-lived credentials.',
    expects: 'a text of 1 to 512 characters',
    ...one('turnSecret', secretText(1)),
  }),
  row('text', {
    flag: 'turn-username',
    value: '<text>',
    help: 'Fixed TURN user name, where there is no shared secret.',
    expects: 'a text of 1 to 512 characters',
    ...one('turnUsername', userName),
  }),
  row('text', {
    flag: 'turn-credential',
    value: '<text>',
    help: 'Fixed TURN password.',
    expects: 'a text of 1 to 512 characters',
    ...one('turnCredential', secretText(1)),
  }),
  row('text', {
    flag: 'turn-ttl',
    value: '<seconds>',
    help: 'How long credentials made from the shared secret are good for.',
    defaultText: String(DEFAULT_CONFIG.turnTtlS),
    expects: 'a number of seconds from 60 to 604800',
    ...one('turnTtlS', whole(60, 604_800)),
  }),
  row('text', {
    flag: 'turns-upstream',
    value: '<host:port>',
    help: 'TURN server, over TCP, that the HTTPS port passes connections on to which speak TURN: turns:<domain>:443 then needs no port and no certificate of its own.',
    expects: 'a host and a port such as 127.0.0.1:3478',
    ...one('turnsUpstream', hostAndPort),
  }),
  row('list', {
    flag: 'allow-origin',
    value: '<origin>',
    help: 'Page of another origin that may connect, such as https://intranet.example.org; * for any.',
    defaultText: "the server's own",
    expects: 'an origin such as https://intranet.example.org, or *',
    ...many('allowOrigins', origin),
  }),
  row('list', {
    flag: 'frame-ancestors',
    value: '<source>',
    help: "Who may embed the page: a source of CSP frame-ancestors, such as 'self' or https://intranet.example.org.",
    defaultText: "'self'",
    expects: "a CSP source such as 'self' or https://intranet.example.org",
    ...many('frameAncestors', cspSource),
  }),
  row('list', {
    flag: 'trust-proxy',
    value: '<address>',
    help: 'Proxy whose X-Forwarded headers are believed: an address, a range such as 10.0.0.0/8, loopback, or private.',
    expects: 'an IP address, a CIDR range, loopback, or private',
    ...many('trustProxy', proxySource),
  }),
  row('text', {
    flag: 'max-rooms',
    value: '<number>',
    help: 'Most rooms at a time.',
    defaultText: String(maxRooms),
    expects: 'a number from 1 to 1000000',
    ...one('maxRooms', whole(1, 1_000_000)),
  }),
  row('text', {
    flag: 'max-connections',
    value: '<number>',
    help: 'Most signalling connections at a time.',
    defaultText: String(maxConnections),
    expects: 'a number from 1 to 1000000',
    ...one('maxConnections', whole(1, 1_000_000)),
  }),
  row('text', {
    flag: 'max-connections-per-address',
    value: '<number>',
    help: 'Most signalling connections from one address; 0 for no limit.',
    defaultText: String(maxConnectionsPerAddress),
    expects: 'a number from 0 to 1000000',
    ...one('maxConnectionsPerAddress', whole(0, 1_000_000)),
  }),
  row('text', {
    flag: 'message-rate',
    value: '<number>',
    help: 'Messages per second that one connection may send in the long run; 0 for no limit.',
    defaultText: String(DEFAULT_CONFIG.messageRate),
    expects: 'a number from 0 to 1000000',
    ...one('messageRate', whole(0, 1_000_000)),
  }),
  row('text', {
    flag: 'address-message-rate',
    value: '<number>',
    help: 'The same for all connections from one address together; 0 for no limit.',
    defaultText: String(DEFAULT_CONFIG.addressMessageRate),
    expects: 'a number from 0 to 1000000',
    ...one('addressMessageRate', whole(0, 1_000_000)),
  }),
  row('text', {
    flag: 'drain',
    value: '<seconds>',
    help: 'How long /readyz says 503 before the server stops, for load balancers to notice.',
    defaultText: '0',
    expects: 'a number of seconds from 0 to 60',
    ...one('drainMs', seconds(0, 60), inSeconds),
  }),
  row('switch', {
    flag: 'metrics',
    help: 'Serves /metrics for Prometheus, to anyone who can reach the port.',
    defaultText: 'off',
    expects: 'true or false',
    ...one('metrics', flagText),
  }),
  row('text', {
    flag: 'log-level',
    value: '<level>',
    help: 'Least important log line to write to standard error, as JSON.',
    defaultText: 'warn on a terminal, else info',
    expects: LOG_LEVELS.join(', '),
    ...one('logLevel', v.picklist(LOG_LEVELS)),
  }),
];
