#!/bin/sh
# Starts coturn with turnserver.conf and with what .env and this machine say: the name, the secret, the addresses.
set -eu

: "${DOMAIN:?}" "${SECRET:?}" "${TURNSERVER_CONF:?}"
# Some systems give their own name a loopback address (127.0.1.1 in /etc/hosts), which is not the one of the DNS.
public=${PUBLIC_ADDRESS:-$(getent ahostsv4 "$DOMAIN" | awk '$1 !~ /^127\./ { print $1; exit }')}
own=${OWN_ADDRESS:-$(hostname -I | awk '{ print $1 }')}
if [ -z "$public" ]; then
  echo "$DOMAIN has no IPv4 address that is seen from here: add an A record, or set PUBLIC_ADDRESS in .env." >&2
  exit 1
fi

# The secret stays out of the list of processes, and the file is for nobody else to read.
umask 077
made=$(mktemp)
{
  cat "$TURNSERVER_CONF"
  echo "realm=$DOMAIN"
  echo "static-auth-secret=$SECRET"
  # Without this coturn would relay at any of the addresses of this machine in turn, those of Docker's bridges included.
  echo "relay-ip=$own"
  if [ "$public" != "$own" ]; then echo "external-ip=$public/$own"; fi
} > "$made"
exec turnserver -c "$made"
