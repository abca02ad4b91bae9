#!/usr/bin/env bash
# Lays what a release is out in one folder, with its checksums: collect.sh VERSION FROM OUT. A file that is missing fails it.
set -euo pipefail
version=${1:?collect.sh VERSION FROM OUT} from=${2:?} out=${3:?}

files=("lxcfs-functions-$version.zip" "lxcfs-functions-worker-$version.zip" "lxcfs-functions-$version-linux-"{x64,arm64}.tar.gz
  install-{service,url}.yaml images.txt)
for image in lxcfs-{agent,functions}-{amd64,arm64}; do files+=("$image".{oci.tar,spdx.json}); done
mkdir -p "$out"
for file in "${files[@]}"; do cp "$from/$file" "$out"; done
(cd "$out" && sha256sum "${files[@]}" >SHA256SUMS)
