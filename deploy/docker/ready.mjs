// Health check of the container: ends with 0 when the server of this container says that it is ready.
// @ts-check
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const { MARU_PORT: port = '8080', MARU_CERT: cert, MARU_HTTPS: https } = process.env;
const secure = Boolean(cert) || https === 'true' || https === '1';

/** @param {import('node:http').IncomingMessage} response */
function judge(response) {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
}

// The certificate names the domain and not this address; who answers here is not in doubt.
const url = `${secure ? 'https' : 'http'}://127.0.0.1:${port}/readyz`;
const request = secure ? getHttps(url, { rejectUnauthorized: false }, judge) : getHttp(url, judge);
request.once('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
