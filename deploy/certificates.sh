#!/bin/sh
# Makes an authority and a certificate for each role below /certificates, unless there are good ones already.
# Each role's folder is a volume that this role alone is given; the key of the authority stays here.
set -eu

ROOT=${1:-/certificates}
DAYS=825
# Certificates that end within this time are made anew.
RENEW_SECONDS=$((30 * 24 * 3600))
NEW_KEY='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

lasts() {
  [ -s "$1" ] && openssl x509 -in "$1" -noout -checkend "$RENEW_SECONDS" >/dev/null
}

umask 077
authority=$ROOT/authority
if ! lasts "$authority/ca.pem"; then
  rm -f "$ROOT"/*/*.pem
  # shellcheck disable=SC2086
  openssl req -x509 $NEW_KEY -subj '/CN=QFS roles' -days "$DAYS" -keyout "$authority/ca.key" \
    -out "$authority/ca.pem" \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
fi

for role in system-api kernel compiler driver-manager qfs; do
  folder=$ROOT/$role
  if ! lasts "$folder/cert.pem"; then
    # shellcheck disable=SC2086
    openssl req -x509 $NEW_KEY -subj "/CN=$role" -days "$DAYS" -keyout "$folder/key.pem" -out "$folder/cert.pem" \
      -addext "subjectAltName=URI:qfs:role:$role" -addext 'basicConstraints=critical,CA:FALSE' \
      -CA "$authority/ca.pem" -CAkey "$authority/ca.key" 2>/dev/null
    echo "made a certificate for $role"
  fi
  cp "$authority/ca.pem" "$folder/ca.pem"
done
