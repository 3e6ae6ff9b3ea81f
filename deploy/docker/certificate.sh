#!/bin/sh
# Keeps a certificate of Let's Encrypt: asks for one, looks twice a day whether it is to be renewed, and hands it to Maru.
set -eu

: "${DOMAIN:?}"
# The user "node" of Maru's image, who has to read the key.
owner=${OWNER:-1000}
issued=${ISSUED_FOLDER:-/etc/letsencrypt/live/maru}
handed=${HANDED_FOLDER:-/certificate}

if [ -n "${EMAIL:-}" ]; then contact="--email $EMAIL"; else contact=--register-unsafely-without-email; fi

while :; do
  # Two words or one: $contact is not to be kept together.
  # shellcheck disable=SC2086
  if certbot certonly --standalone --non-interactive --agree-tos $contact \
    --cert-name maru --domain "$DOMAIN" --keep-until-expiring; then
    # Both are replaced whole. Maru reads them again every minute, and takes only a certificate with its own key.
    for file in fullchain:fullchain privkey:key; do
      from=$issued/${file%%:*}.pem
      to=$handed/${file##*:}.pem
      if ! cmp -s "$from" "$to"; then
        install -m 400 -o "$owner" "$from" "$to.new"
        mv "$to.new" "$to"
      fi
    done
    pause=43200
  else
    echo "No certificate for $DOMAIN: see that its A record leads here and that TCP port 80 is open. Trying again in an hour." >&2
    # Let's Encrypt allows five failures an hour.
    pause=3600
  fi
  sleep "$pause" &
  wait $!
done
