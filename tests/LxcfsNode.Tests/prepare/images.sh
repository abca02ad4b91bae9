#!/usr/bin/env bash
# Builds the images of the agent, of the functions and of the apps: images.sh FOLDER CACHE. Each becomes FOLDER/NAME.tar, an OCI archive.
set -euo pipefail
out=$1
cache=$2
here=$(dirname "${BASH_SOURCE[0]}")/..
base=localhost/debian:trixie-slim
# Debian's archive moves on: what was made in another month is made anew.
month=$(date +%Y-%m)

# [STAGE=NAME] archive NAME FILE ... -- OPTION ...: builds an image and keeps its archive until one of the files that it is made
# from changes. Buildah's own cache holds a whole copy of each layer, and takes as long to find that nothing has changed; so of what
# is built here anew each time only the stage that fetches its packages is kept there.
archive() {
  local name=$1 inputs=() layers=() image kept
  shift
  while [ "$1" != -- ]; do
    inputs+=("$1")
    shift
  done
  shift
  kept=$cache/archives/$name-$(find "${inputs[@]}" -type f -print0 | sort -z | xargs -0 sha256sum | cut -d ' ' -f 1 | sha256sum | cut -c 1-16).tar
  if [ ! -f "$kept" ]; then
    rm -f "$cache/archives/$name"-????????????????.tar
    if [ -n "${STAGE:-}" ]; then
      layers=(--layers)
      buildah build -q --layers --pull-never --target "$STAGE" -t "localhost/stage-$STAGE" "$@" >/dev/null
    fi
    image=$(buildah build -q "${layers[@]}" --pull-never -t "localhost/$name" "$@")
    buildah push -q "$image" "oci-archive:$kept~:localhost/$name:test"
    mv "$kept~" "$kept"
  fi
  ln -f "$kept" "$out/$name.tar" 2>/dev/null || cp "$kept" "$out/$name.tar"
}

if [ "$(cat "$cache/month" 2>/dev/null)" != "$month" ]; then
  buildah rmi -af >/dev/null
  rm -rf "$cache/archives"
fi
mkdir -p "$cache/archives"
bash "$here/prepare/base.sh" "$base"
lxcfs=(lxcfs-daemonset/Dockerfile lxcfs-daemonset/rootfs.sh infra/image lxcfs-daemonset/lxcfs "$here/prepare/base.sh")
STAGE=lxcfs archive lxcfs-agent "${lxcfs[@]}" artifacts/agent -- -f lxcfs-daemonset/Dockerfile --build-arg "BASE=$base" --build-context "agent=$PWD/artifacts/agent" .
STAGE=libraries archive lxcfs-functions functions/Dockerfile infra/image artifacts/package/lxcfs-functions "$here/prepare/base.sh" -- -f functions/Dockerfile --build-arg "BASE=$base" .
# LXCFS alone, as other projects run it.
archive lxcfs "${lxcfs[@]}" "$here/images/lxcfs" -- -f "$here/images/lxcfs/Containerfile" "$here/images/lxcfs"
archive programs "$here/images/programs" "$here/prepare/base.sh" -- -f "$here/images/programs/Containerfile" --build-arg "BASE=$base" "$here/images/programs"
echo "$month" >"$cache/month"

gcc -static -O2 -Wall -Wextra -Werror -o "$out/lxcfs-reader" "$here/reader/lxcfs-reader.c"
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
# A runtime makes missing mount points only where the root is writable.
mkdir -p "$context"/{dev,proc,run,sys,tmp}
touch "$context/report"
cp "$out/lxcfs-reader" "$context"
archive distroless "$out/lxcfs-reader" "$here/images/distroless" -- -f "$here/images/distroless/Containerfile" "$context"
mkdir "$context/bin"
for applet in $(/bin/busybox --list); do ln -s busybox "$context/bin/$applet"; done
cp --remove-destination /bin/busybox "$context/bin"
archive busybox "$out/lxcfs-reader" /bin/busybox "$here/images/busybox" -- -f "$here/images/busybox/Containerfile" "$context"
buildah rmi --prune >/dev/null
