#!/bin/sh
# Takes the pictures of the Overview for the documentation, in both languages and both themes.
#
#   scripts/screenshots.sh                          the recorded company of web/tests/server
#   scripts/screenshots.sh http://127.0.0.1:8080    a running `vigie serve`
#
# They go to docs/images/overview-{fr,en}-{light,dark}.png. Needs Chromium (Debian: chromium; another place: CHROMIUM=…).
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
node_folder=$("$root/scripts/node.sh")
PATH="$node_folder:$PATH"
export PATH

cd "$root/web"
if [ ! -d node_modules ]; then npm ci --no-audit --no-fund; fi
if [ $# -gt 0 ]; then
  exec npm run --silent screenshots -- --out "$root/docs/images" --url "${1%/}"
fi
npm run --silent build >/dev/null
exec npm run --silent screenshots -- --out "$root/docs/images"
