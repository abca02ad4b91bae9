#!/usr/bin/env bash
# Fetches promtool, and prints its path: bash promtool.sh
#
# It comes from Debian's package prometheus, which is unpacked and not installed: no server is started.
set -euo pipefail

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions
if ! command -v apt-get >/dev/null; then
  echo 'promtool is fetched from Debian, and this is no Debian machine'
  exit 77
fi
version=$(apt-cache policy prometheus | sed -n 's/^  Candidate: //p')
if [ -z "$version" ] || [ "$version" = '(none)' ]; then
  echo 'apt-cache knows no package prometheus: apt-get update may help'
  exit 77
fi
target=$cache/promtool-$(tr -c '[:alnum:].\n' - <<<"$version")

if [ ! -x "$target/promtool" ]; then
  mkdir -p "$cache"
  work=$(mktemp -d "$target.XXXXXX")
  # apt's own user has to be able to write here.
  chmod 755 "$work"
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "prometheus=$version" >&2) || {
    echo "apt-get could not download prometheus $version"
    exit 77
  }
  dpkg -x "$work"/prometheus_*.deb "$work/files"
  mkdir -p "$target"
  mv "$work/files/usr/bin/promtool" "$target/promtool"
fi
echo "$target/promtool"
