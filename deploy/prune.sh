#!/bin/sh
# Turns a tree of manifests, in which one app has its dist/, into what that app needs to run:
#
#   sh deploy/prune.sh <app> <directory with the built libs>
#
# npm installs the production dependencies of the one workspace and links the libs it leans on; those get their dist/, and
# every package that nothing has linked is removed.
set -eu

app=${1:?"usage: sh deploy/prune.sh <app> <built libs>"}
libs=${2:?"usage: sh deploy/prune.sh <app> <built libs>"}

npm ci --workspace="apps/$app" --omit=dev --ignore-scripts --no-audit --no-fund
for manifest in libs/*/package.json; do
  lib=$(basename "$(dirname "$manifest")")
  if [ -e "node_modules/@souk/$lib" ]; then cp -R "$libs/$lib/dist" "libs/$lib/dist"; else rm -r "libs/$lib"; fi
done
for other in apps/*; do [ "$other" = "apps/$app" ] || rm -r "$other"; done
rm -rf tools load-tests package-lock.json
# Nobody debugs in an image; the types and the compiler's notes are for compilers.
find "apps/$app/dist" libs -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.spec.js' -o -name '.tsbuildinfo' \) -delete
find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' \) -delete
