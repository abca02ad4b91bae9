#!/usr/bin/env bash
# Pushes what images.sh built, and one index of both architectures: push.sh VERSION REGISTRY OUT. OUT/images.txt gets the digests.
#
# It needs buildah and skopeo. RELEASE_TLS_VERIFY=false pushes to a registry without TLS: for the tests.
set -euo pipefail
version=${1:?push.sh VERSION REGISTRY OUT} registry=${2:?} out=${3:?}
tls=${RELEASE_TLS_VERIFY:-true}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in lxcfs-agent lxcfs-functions; do
  index=localhost/$name-index-$$
  buildah manifest create "$index"
  for architecture in amd64 arm64; do
    skopeo copy --preserve-digests --dest-tls-verify="$tls" --digestfile "$work/digest" \
      "oci-archive:$out/$name-$architecture.oci.tar" "docker://$registry/$name:$version-$architecture"
    buildah manifest add --tls-verify="$tls" "$index" "docker://$registry/$name@$(<"$work/digest")"
  done
  buildah manifest push --all --rm --tls-verify="$tls" --digestfile "$work/digest" "$index" "docker://$registry/$name:$version"
  digest=$(<"$work/digest")
  echo "$name $registry/$name:$version@$digest" >>"$out/images.txt"
  [ -z "${GITHUB_OUTPUT:-}" ] || echo "$name=$digest" >>"$GITHUB_OUTPUT"
done
