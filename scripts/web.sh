#!/usr/bin/env bash
# Builds the web app into web/dist with the pinned Node; skipped when its sources are those of the last build.
#
#   scripts/web.sh                    install the pinned packages, build
#   scripts/web.sh --run SCRIPT…      install them, then run these scripts of web/package.json one after another
. "$(dirname "$0")/say.sh"

[ -e web/package.json ] || die "web/package.json is not there: is this a whole clone?"
node_folder=$(scripts/node.sh)
export PATH="$node_folder:$PATH"

digest() { sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1; }

packages_are=$({ printf 'web/package-lock.json\0'; printf 'scripts/node.sh\0'; } | digest)
packages_stamp=web/node_modules/.vigie-stamp
if [ "$(cat "$packages_stamp" 2>/dev/null)" != "$packages_are" ]; then
  step "packages of the web app (npm ci)"
  (cd web && npm ci --no-audit --no-fund </dev/null) || die "npm ci failed: is the npm registry reachable?"
  echo "$packages_are" >"$packages_stamp"
fi

if [ "${1:-}" = --run ]; then
  shift
  failed=0
  for script in "$@"; do
    step "web: npm run $script"
    (cd web && npm run --silent "$script" </dev/null) || failed=1
  done
  exit "$failed"
fi

sources_are=$({ find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -print0; printf 'scripts/node.sh\0'; } | digest)
sources_stamp=.cache/web-build.stamp
if [ -e web/dist/index.html ] && [ "$(cat "$sources_stamp" 2>/dev/null)" = "$sources_are" ]; then
  step "web app: built already"
  exit 0
fi
step "web app (npm run build)"
(cd web && npm run --silent build </dev/null) || die "the web app did not build (see above)"
mkdir -p .cache
echo "$sources_are" >"$sources_stamp"
