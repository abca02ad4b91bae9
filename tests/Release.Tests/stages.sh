#!/usr/bin/env bash
# Builds the stages of both images that take packages from the network or compile, for buildah's cache: stages.sh ARCHITECTURE BASE.
# BASE is an OCI archive for this machine. arm64's loader has to run: emulate.sh stages.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
architecture=$1
image=$(buildah pull -q "oci-archive:$2")

# stage NAME DOCKERFILE
stage() {
  buildah build --quiet --layers --pull-never --platform "linux/$architecture" --build-arg "BUILDPLATFORM=linux/$(dpkg --print-architecture)" \
    --build-arg "BASE=$image" --target "$1" -t "localhost/stage-$1-$architecture" -f "$2" . >/dev/null
}
stage lxcfs lxcfs-daemonset/Dockerfile
stage libraries functions/Dockerfile
