#!/usr/bin/env bash
# Installs what is missing to build, test or lint Vigie (or to test it against Tryton): Debian 12's packages only.
#
#   scripts/setup.sh [--for run|test|lint|tryton]      root, or a user who may sudo
#
# Asks dpkg first, so that it takes a moment when nothing is missing; never removes a package.
. "$(dirname "$0")/say.sh"

purpose=run
case "${1:-}" in
  "") ;;
  --for) purpose=${2:-} ;;
  *) die "usage: scripts/setup.sh [--for run|test|lint|tryton]" ;;
esac

packages=(
  clang-19 lld-19 libclang-rt-19-dev libstdc++-12-dev libc6-dev mold ccache ninja-build cmake make pkg-config
  libboost1.81-dev libboost-json1.81-dev libyaml-cpp-dev libcli11-dev libfmt-dev
  libhowardhinnant-date-dev libeigen3-dev librapidcheck-dev libgtest-dev libgmock-dev libsodium-dev
  libxxhash-dev libbrotli-dev zlib1g-dev libsqlite3-dev libpq-dev libmariadb-dev libzip-dev libexpat1-dev libxlsxwriter-dev git ca-certificates tzdata
)
case "$purpose" in
  run) ;;
  test)
    packages+=(chromium fonts-dejavu-core postgresql mariadb-server)  # servers that tests start for themselves
    ;;
  tryton)  # whose sales team tests/tryton sets to work, on days that it chooses; without, that test is skipped
    packages+=(postgresql tryton-proteus tryton-modules-sale-opportunity tryton-modules-sale-subscription python3-psycopg2 faketime)
    ;;
  lint) packages+=(clang-format-19 clang-tidy-19) ;;
  *) die "--for takes run, test, lint or tryton, not \"$purpose\"" ;;
esac
# Any Node with npm will do: it only fetches the pinned packages, among them the Node that builds the web app.
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then packages+=(nodejs npm); fi

step "packages to $purpose: looking for ${#packages[@]}"
installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii *//p' | sort -u)
missing=$(comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) <(printf '%s\n' "$installed"))
if [ -z "$missing" ]; then
  note "all are installed"
  exit 0
fi

command -v apt-get >/dev/null ||
  die "these packages are missing, and apt-get is not here to install them: $(echo $missing)"
as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || die "run this as root (there is no sudo): apt-get install $(echo $missing)"
  as_root=(sudo)
fi
grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release ||
  note "this is not Debian 12: a package may have another name or version here"

note "installing $(echo "$missing" | wc -l): $(echo $missing)"
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" </dev/null; }
apt update || die "apt-get update failed: is the network there?"
# --no-remove: a conflict with something the machine already has is an error to read, not a removal.
apt install -y --no-install-recommends --no-remove $missing ||
  die "apt-get could not install them (see above)"
note "installed"
