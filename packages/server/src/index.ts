// What other packages may use of the server: start one, in a process of one's own.

export type { LogLevel, ServerConfig } from './config/server-config.js';
export type { Clock, Timer } from './env/clock.js';
export { Secret } from './secret.js';
export { type RunningServer, type ServerWorld, startServer } from './server.js';
export { StartError } from './start-error.js';
