#!/usr/bin/env bash
# Makes a node's root file system from Debian 13's packages, and prints its folder last: bash root.sh
# With --cached it makes nothing and ends with 77 where there is nothing yet.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/packages.sh
source "$here/../packages.sh"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions
# Debian's archive moves on: what was made in another month is made anew.
target=$cache/cluster-root-$(date +%Y-%m)-$(sha256sum "$here/root.sh" | cut -c1-16)
if [ -d "$target" ]; then
  echo "$target"
  exit
elif [ "${1:-}" = --cached ]; then
  exit 77
fi
install_packages debootstrap >&2 || exit 77

mkdir -p "$cache"
exec 9>"$cache/cluster-root.lock"
flock 9
if [ ! -d "$target" ]; then
  rm -rf "$cache"/cluster-root-*/
  work=$(mktemp -d "$cache/cluster-root.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -n 1)
  # containerd 1.7 is the last that speaks to a kubelet of 1.20, and the first with NRI.
  debootstrap --variant=minbase --include=containerd,containernetworking-plugins,iproute2,procps,runc trixie "$work/root" "$mirror" >&2
  rm -rf "$work"/root/var/{cache,lib}/apt/*
  mv "$work/root" "$target"
fi
echo "$target"
