#!/usr/bin/env bash
# Builds the agent that an upgrade begins with, and keeps it with its manifests: before.sh, which prints the folder last.
# With --cached it builds nothing and ends with 77 where there is nothing yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The last one that was its container's first process and answered probes over http.
commit=bf58a72ddc4d56e823551644c728e692a50a55a1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions
target=$cache/before-$commit
if [ -x "$target/lxcfs-agent" ]; then
  echo "$target"
  exit
elif [ "${1:-}" = --cached ]; then
  exit 77
fi
if ! git cat-file -e "$commit^{commit}" 2>/dev/null; then
  echo "this clone does not reach back to $commit: git fetch --unshallow"
  exit 77
fi

mkdir -p "$cache"
exec 8>"$cache/before.lock"
flock 8
if [ ! -x "$target/lxcfs-agent" ]; then
  work=$(mktemp -d "$cache/before-build.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  git archive "$commit" | tar -x -C "$work"
  dotnet publish "$work/lxcfs-daemonset/agent" -c Release >&2
  mkdir "$work/kept"
  cp -r "$work/artifacts/agent/lxcfs-agent" "$work"/lxcfs-daemonset/*.yaml "$work/kept"
  rm -rf "$target"
  mv "$work/kept" "$target"
fi
echo "$target"
