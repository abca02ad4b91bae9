#!/usr/bin/env bash
# Builds the images that only a cluster needs, below FOLDER, with what tests/LxcfsNode.Tests/prepare/node.sh has made: images.sh FOLDER CACHE BEFORE
# BEFORE is what before.sh printed, or empty.
set -euo pipefail
out=$1
cache=$2
before=$3
here=$(dirname "${BASH_SOURCE[0]}")
base=localhost/debian:trixie-slim

# archive NAME CONTEXT [OPTION ...]: images/NAME, kept until what it is made from changes, or the month.
archive() {
  local name=$1 context=$2 image kept
  kept=$cache/archives/$name-$(find "$here/images/$name" -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c 1-16).tar
  if [ ! -f "$kept" ]; then
    rm -f "$cache/archives/$name-"*
    image=$(buildah build -q --pull-never -t "localhost/$name" "${@:3}" -f "$here/images/$name/Containerfile" "$context")
    buildah push -q "$image" "oci-archive:$kept~:localhost/$name:test"
    mv "$kept~" "$kept"
  fi
  ln -f "$kept" "$out/$name.tar" 2>/dev/null || cp "$kept" "$out/$name.tar"
}

archive tools "$here/images/tools" --build-arg "BASE=$base"
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
gcc -static -O2 -Wall -Wextra -Werror -o "$context/pause" "$here/images/pause/pause.c"
archive pause "$context"
if [ -n "$before" ]; then
  cp "$before/lxcfs-agent" "$context"
  archive before "$context"
fi
