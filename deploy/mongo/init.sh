#!/bin/sh
# Runs init.js as root until the server is there to answer: a minute at most.
tries=60
url="mongodb://root:$(cat /run/secrets/root)@mongodb:27017/admin?directConnection=true"
until mongosh --quiet --norc "$url" /deploy/init.js; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 1
done
