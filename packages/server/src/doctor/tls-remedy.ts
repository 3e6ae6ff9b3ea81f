// What is wrong with a certificate, by the name that Node gives it, and what to change.

export interface Remedy {
  readonly says: string;
  readonly change: string;
}

/** `what`: "The certificate of meet.example.org". `renew`: how it is replaced, as the end of a sentence. */
export function tlsRemedy(code: string | null, what: string, renew: string): Remedy {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { says: `${what} has expired.`, change: `Renew it, and ${renew}.` };
    case 'CERT_NOT_YET_VALID':
      return {
        says: `${what} is not valid yet.`,
        change: 'Set the clocks of both machines (`timedatectl set-ntp true`), or use the right certificate.',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return {
        says: `${what} is self-signed, which browsers refuse.`,
        change: `Take one from an authority, such as Let's Encrypt, and ${renew}.`,
      };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return {
        says: `${what} cannot be verified: its chain does not lead to an authority that browsers know.`,
        change: `Serve the whole chain (fullchain.pem rather than cert.pem), and ${renew}.`,
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        says: `${what} is made for other names.`,
        change: `Take one that names it, or use a name that the certificate has; then ${renew}.`,
      };
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {
        says: `No TLS is spoken where ${what.charAt(0).toLowerCase()}${what.slice(1)} should be.`,
        change: `Switch TLS on there with a certificate and its key, or correct the port; then ${renew}.`,
      };
    default:
      return {
        says: `${what} was not accepted (${code ?? 'unknown reason'}).`,
        change: `Check the certificate, its key and its chain, and ${renew}.`,
      };
  }
}
