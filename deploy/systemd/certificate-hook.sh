#!/bin/sh
# Hands a new or renewed certificate to Maru: certbot runs it from /etc/letsencrypt/renewal-hooks/deploy.
set -eu

: "${RENEWED_LINEAGE:?certbot sets it}"
folder=${MARU_TLS_FOLDER:-/etc/maru/tls}
group=${MARU_GROUP:-maru}

install -d -m 750 -g "$group" "$folder"
# Both are replaced whole. Maru reads them again every minute, and takes only a certificate with its own key.
for file in fullchain:fullchain privkey:key; do
  to=$folder/${file##*:}.pem
  install -m 640 -g "$group" "$RENEWED_LINEAGE/${file%%:*}.pem" "$to.new"
  mv "$to.new" "$to"
done
