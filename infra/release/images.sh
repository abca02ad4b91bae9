#!/usr/bin/env bash
# Builds both images for amd64 and arm64 from what programs.sh made: images.sh VERSION OUT
#
# OUT gets NAME-ARCHITECTURE.oci.tar of each, and images.txt, which names the base. It needs buildah and skopeo, and a kernel that
# runs arm64's programs: emulate.sh images.sh VERSION OUT.
#
# RELEASE_BASE is another base, RELEASE_TLS_VERIFY=false takes one from a registry without TLS: for the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=${1:?images.sh VERSION OUT} out=$(realpath "${2:?}")
tag=${RELEASE_BASE:-docker.io/library/debian:trixie-slim} tls=(--tls-verify="${RELEASE_TLS_VERIFY:-true}")

# A tag moves: both architectures and both images are built from one digest, which is the index's.
digest=$(skopeo inspect "${tls[@]}" --format '{{.Digest}}' "docker://$tag")
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "no digest of $tag: $digest" >&2; exit 1; }
echo "base $tag@$digest" >"$out/images.txt"
# In a job's container the checkout is another user's.
revision=$(git -c safe.directory='*' rev-parse HEAD)
# GitHub's registry gives a new image to the repository that this names.
source=()
[ -z "${GITHUB_REPOSITORY:-}" ] || source=(--label "org.opencontainers.image.source=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build NAME DOCKERFILE ARCHITECTURE OPTION ...: the executable is the architecture's own, so each is built by itself.
build() {
  local file=$out/$1-$3.oci.tar
  # A name with a tag and a digest is more than every version of buildah takes, and not every one knows its own platform.
  buildah build "${tls[@]}" --platform "linux/$3" --build-arg "BUILDPLATFORM=linux/$(dpkg --print-architecture)" -f "$2" --build-arg "BASE=${tag%:*}@$digest" --build-arg "VERSION=$version" \
    --build-arg "REVISION=$revision" "${source[@]}" --label "org.opencontainers.image.base.name=$tag" \
    --label "org.opencontainers.image.base.digest=$digest" -t "localhost/$1:$version-$3" --iidfile "$work/id" "${@:4}" .
  rm -f "$file"
  buildah push "$(<"$work/id")" "oci-archive:$file:$1:$version"
}

for architecture in amd64 arm64; do
  build lxcfs-agent lxcfs-daemonset/Dockerfile "$architecture" --build-context "agent=$out/agent/$architecture"
  build lxcfs-functions functions/Dockerfile "$architecture" --build-context "package=$out/package/$architecture"
done
