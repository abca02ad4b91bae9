#!/usr/bin/env bash
# Builds both images for amd64 and arm64 from what programs.sh made: images.sh VERSION OUT
#
# OUT gets NAME-ARCHITECTURE.oci.tar of each with an SBOM (SPDX) and BuildKit's provenance, and images.txt, which
# names the base. It needs docker buildx, and QEMU for arm64.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=${1:?images.sh VERSION OUT} out=$(realpath "${2:?}")

# A tag moves: both architectures and both images are built from one digest.
tag=debian:trixie-slim
digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "no digest of $tag: $digest" >&2; exit 1; }
base=$tag@$digest
echo "base $base" >"$out/images.txt"

# build NAME DOCKERFILE CONTEXT ARCHITECTURE OPTION ...: the executable is the architecture's own, so each is built by itself.
build() {
  docker buildx build --platform "linux/$4" -f "$2" --build-arg "BASE=$base" --build-arg "VERSION=$version" \
    --build-arg "REVISION=$(git rev-parse HEAD)" --label "org.opencontainers.image.base.name=$tag" \
    --label "org.opencontainers.image.base.digest=$digest" -t "$1:$version" --output "type=oci,dest=$out/$1-$4.oci.tar" "${@:5}" "$3"
}

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
for architecture in amd64 arm64; do
  build lxcfs-agent lxcfs-daemonset/Dockerfile . "$architecture" --build-context "agent=$out/agent/$architecture" --sbom=true --provenance=mode=max
  # The Dockerfile takes the executable from where dotnet publish puts it.
  mkdir -p "$context/$architecture/artifacts/package"
  cp "$out/package/$architecture/lxcfs-functions" "$context/$architecture/artifacts/package"
  build lxcfs-functions functions/Dockerfile "$context/$architecture" "$architecture" --sbom=true --provenance=mode=max
done
