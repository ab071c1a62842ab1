#!/bin/sh
# SPDX-License-Identifier: MIT
# registry-certificate - make a certificate for the private registry.
# usage: registry-certificate.sh NAME[:PORT]
#
# NAME is how the nodes call the registry: localhost, a host name, an address.
# certificates/ gets the key and the certificate; each node that pulls needs
# the latter as /etc/docker/certs.d/NAME:PORT/ca.crt, unless NAME is localhost.
set -eu

name=${1:?usage: registry-certificate.sh NAME[:PORT]}
name=${name%:*}
cd "$(dirname "$0")"

case $name in
*[!0-9.]*) subject=DNS:$name ;;
*) subject=IP:$name ;;
esac

umask 077
mkdir -p certificates
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 3650 -subj "/CN=$name" -addext "subjectAltName=$subject" \
    -keyout certificates/registry.key -out certificates/registry.crt \
    2>/dev/null
echo "certificates/registry.crt is for $name"
