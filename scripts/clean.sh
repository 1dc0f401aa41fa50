#!/usr/bin/env bash
# Removes what builds made. Keeps the fetched packages (.cache/) and every workspace, also the demo.
. "$(dirname "$0")/say.sh"
step "removing build trees and the built web app"
rm -rf build build-* web/dist web/node_modules
