#!/bin/sh
# Draws the passwords of a deployment and writes what each program is told of them, one directory a program:
#
#   sh deploy/secrets.sh <directory>
#
# A password that is there stays; the rest is written anew each time, so that new permissions reach an old deployment. A host
# other than Compose's is named by NATS_HOST, REDIS_HOST, or MONGODB_HOST with MONGODB_OPTIONS. Needs a POSIX shell, no more.
set -eu
umask 077

apps='gateway user product order'
# Those with a database of their own.
owners='user product order'

here=$(cd "$(dirname "$0")" && pwd)
to=${1:?"usage: sh deploy/secrets.sh <directory>"}
nats=${NATS_HOST:-nats:4222}
redis=${REDIS_HOST:-redis:6379}
mongodb=${MONGODB_HOST:-mongodb:27017}
options=${MONGODB_OPTIONS:-replicaSet=rs0&authSource=admin}

# Letters and digits: nothing that a URL, sed or MongoDB's key file reads otherwise.
draw() {
  mkdir -p "$(dirname "$to/$1")"
  [ -s "$to/$1" ] || head -c "$2" /dev/urandom | base64 | tr -dc 'A-Za-z0-9' > "$to/$1"
}

tell() {
  mkdir -p "$(dirname "$to/$1")"
  printf '%s\n' "$2" > "$to/$1"
}

of() { cat "$to/$1"; }

# Whoever runs the program in its container reads its files, and nobody else (Dockerfile; the official images).
hand_over() {
  [ "$(id -u)" -ne 0 ] || chmod 500 "$to/$1"
  [ "$(id -u)" -ne 0 ] || chown -R "$2" "$to/$1"
}

for user in operator $apps; do draw "nats/$user" 24; done
for user in operator gateway; do draw "redis/$user" 24; done
for user in root monitor $owners; do draw "mongodb/$user" 24; done
draw mongodb/keyfile 96
draw gateway/jwt_secret 48
draw user/admin_password 15

for user in operator $apps; do
  echo "$(echo "$user" | tr '[:lower:]' '[:upper:]')_PASSWORD: \"$(of "nats/$user")\""
done | cat - "$here/nats/nats.conf" > "$to/nats/nats.conf"
sed -e "s/\$OPERATOR_PASSWORD/$(of redis/operator)/" -e "s/\$GATEWAY_PASSWORD/$(of redis/gateway)/" \
  "$here/redis/users.acl" > "$to/redis/users.acl"

for app in $apps; do tell "$app/nats_url" "nats://$app:$(of "nats/$app")@$nats"; done
for app in $owners; do
  tell "$app/mongodb_url" "mongodb://$app:$(of "mongodb/$app")@$mongodb/souk_$app?$options"
done
tell gateway/redis_url "redis://gateway:$(of redis/gateway)@$redis"
tell user/jwt_secret "$(of gateway/jwt_secret)"
tell operator/nats_url "nats://operator:$(of nats/operator)@$nats"
tell redis-exporter/passwords.json "{\"redis://$redis\":\"$(of redis/operator)\"}"
tell mongodb-exporter/mongodb_url "mongodb://monitor:$(of mongodb/monitor)@$mongodb/admin?$options"

for app in $apps mongodb-exporter; do hand_over "$app" 65532:65532; done
hand_over nats 65534:65534
hand_over redis 999:1000
hand_over redis-exporter 59000:59000
hand_over mongodb 999:999
