#!/usr/bin/env bash
# Builds the images of the agent, of the functions and of the apps: images.sh FOLDER CACHE. Each becomes FOLDER/NAME.tar, an OCI archive.
set -euo pipefail
out=$1
cache=$2
here=$(dirname "${BASH_SOURCE[0]}")/..
base=localhost/debian:trixie-slim

# archive NAME ARGUMENT ...: builds an image and writes its archive, unless neither it nor the archive would change.
archive() {
  local name=$1 image
  shift
  image=$(buildah build -q --layers --pull-never -t "localhost/$name" "$@")
  if [ -f "$out/$name.tar" ] && [ "$(cat "$out/$name.id" 2>/dev/null)" = "$image" ]; then return; fi
  rm -f "$out/$name.tar"
  buildah push -q "$image" "oci-archive:$out/$name.tar:localhost/$name:test"
  echo "$image" >"$out/$name.id"
}

# Debian's archive moves on: a base that has seen another month is made anew.
month=$(date +%Y-%m)
if [ "$(cat "$cache/month" 2>/dev/null)" != "$month" ]; then buildah rmi -af >/dev/null; fi
bash "$here/prepare/base.sh" "$base"
archive lxcfs-agent -f lxcfs-daemonset/Dockerfile --build-arg "BASE=$base" --build-context "agent=$PWD/artifacts/agent" .
archive lxcfs-functions -f functions/Dockerfile --build-arg "BASE=$base" .
# LXCFS alone, as other projects run it.
archive lxcfs -f "$here/images/lxcfs/Containerfile" "$here/images/lxcfs"
archive programs -f "$here/images/programs/Containerfile" --build-arg "BASE=$base" "$here/images/programs"
echo "$month" >"$cache/month"

gcc -static -O2 -Wall -Wextra -Werror -o "$out/lxcfs-reader" "$here/reader/lxcfs-reader.c"
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
# A runtime makes missing mount points only where the root is writable.
mkdir -p "$context"/{dev,proc,run,sys,tmp}
touch "$context/report"
cp "$out/lxcfs-reader" "$context"
archive distroless -f "$here/images/distroless/Containerfile" "$context"
mkdir "$context/bin"
for applet in $(/bin/busybox --list); do ln -s busybox "$context/bin/$applet"; done
cp --remove-destination /bin/busybox "$context/bin"
archive busybox -f "$here/images/busybox/Containerfile" "$context"
