// The settings in words: the help of the command line, and the configuration table of the README.

import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_CONFIG, type ServerConfig } from './server-config.js';
import { environmentName, SETTINGS, type Setting } from './settings.js';

const usage = (setting: Setting): string => `--${setting.flag}${setting.value ? ` ${setting.value}` : ''}`;

/** What `--help` prints. */
export function helpText(): string {
  const width = Math.max(...SETTINGS.map((setting) => usage(setting).length)) + 2;
  const lines = SETTINGS.map((setting) => {
    const repeat = setting.kind === 'list' ? ' May be repeated.' : '';
    return `  ${usage(setting).padEnd(width)}${setting.help}${repeat} (${environmentName(setting)}; default: ${setting.defaultText})`;
  });
  return [
    'Usage: maru [flags]',
    '       maru doctor [address] [flags]',
    '',
    'Starts a Maru server: video rooms for the browser. `maru doctor --help` tells of the doctor.',
    '',
    ...lines,
    `  ${'--help'.padEnd(width)}Prints this.`,
    `  ${'--version'.padEnd(width)}Prints the version.`,
    '',
    'A flag wins over its environment variable. Lists in the environment are separated by commas.',
  ].join('\n');
}

/** The configuration table in Markdown, as the README shows it; a test keeps the two equal. */
export function markdownTable(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const rows = SETTINGS.map((setting) => {
    const repeat = setting.kind === 'list' ? ' May be repeated.' : '';
    return `| \`${usage(setting)}\` | \`${environmentName(setting)}\` | ${setting.defaultText} | ${cell(setting.help)}${repeat} |`;
  });
  return ['| flag | environment | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What differs from the defaults, each line as the flags that set it, with secrets hidden. */
export function changedSettings(config: ServerConfig, defaults: Partial<ServerConfig> = {}): string[] {
  // A certificate switches HTTPS on by itself: it is not a setting of its own then.
  const unset = { ...DEFAULT_CONFIG, ...defaults };
  const usual = { ...unset, https: unset.https || config.certFile !== null };
  return SETTINGS.filter(({ key }) => !isDeepStrictEqual(config[key], usual[key])).map((setting) =>
    setting
      .show(config)
      .map((value) => `--${setting.flag}${setting.kind === 'switch' ? '=' : ' '}${value}`)
      .join(' '),
  );
}
