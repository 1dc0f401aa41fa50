#!/usr/bin/env bash
# From a bare machine to the page: packages, build, web app, demo workspace, server.
#
# WORKSPACE=DIR serves a workspace of yours instead of the demo; HOST and PORT as for `vigie serve`.
. "$(dirname "$0")/say.sh"

workspace=${WORKSPACE:-$ROOT/demo}
host=${HOST:-127.0.0.1}
port=${PORT:-8080}

scripts/setup.sh --for run
scripts/build.sh release vigie
scripts/web.sh

if [ -e "$workspace/vigie.yaml" ]; then
  step "workspace $workspace: there already"
elif [ -n "${WORKSPACE:-}" ]; then
  die "$workspace is not a workspace: it has no vigie.yaml. Make one with: build/bin/vigie init $workspace"
else
  step "demo workspace in $workspace"
  build/bin/vigie demo "$workspace"
fi

step "server on http://$host:$port (stop it with Ctrl-C)"
exec build/bin/vigie serve -w "$workspace" --host "$host" --port "$port"
