#!/usr/bin/env bash
# Pushes what images.sh built, and makes one index of both architectures: push.sh VERSION REGISTRY OUT. OUT/images.txt gets the digests.
set -euo pipefail
version=${1:?push.sh VERSION REGISTRY OUT} registry=${2:?} out=${3:?}

for name in lxcfs-agent lxcfs-functions; do
  references=()
  for architecture in amd64 arm64; do
    # --all: the SBOM and the provenance come along.
    skopeo copy --all --digestfile "$out/digest" "oci-archive:$out/$name-$architecture.oci.tar" "docker://$registry/$name:$version-$architecture"
    references+=("$registry/$name@$(<"$out/digest")")
  done
  docker buildx imagetools create -t "$registry/$name:$version" "${references[@]}"
  digest=$(docker buildx imagetools inspect "$registry/$name:$version" --format '{{.Manifest.Digest}}')
  echo "$name $registry/$name:$version@$digest" >>"$out/images.txt"
  [ -z "${GITHUB_OUTPUT:-}" ] || echo "$name=$digest" >>"$GITHUB_OUTPUT"
done
rm -f "$out/digest"
