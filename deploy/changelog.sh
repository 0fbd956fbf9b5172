#!/bin/sh
# The commits since the last tag, as Markdown, by their kinds (CONTRIBUTING.md):  sh deploy/changelog.sh [<from>..<to>]
set -eu

last=$(git describe --tags --abbrev=0 HEAD^ 2>/dev/null || true)
range=${1:-${last:+$last..}HEAD}

section() {
  commits=$(git log --no-merges --format='%s' "$range" | sed -n -E "s/^$2(\(([^)]*)\))?(!?): (.*)/- \2: \4 \3/p" | sed -E 's/^- : /- /; s/ !$/ **(breaking)**/; s/ $//')
  [ -z "$commits" ] || printf '## %s\n\n%s\n\n' "$1" "$commits"
}

section 'New' feat
section 'Mended' fix
section 'Faster' perf
section 'Documented' docs
