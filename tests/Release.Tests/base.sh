#!/usr/bin/env bash
# Makes a base image from Debian's packages: base.sh ARCHITECTURE FILE. FILE becomes an OCI archive; arm64's is made by emulate.sh base.sh.
set -euo pipefail
architecture=$1 file=$2
sources=/etc/apt/sources.list.d/debian.sources
mirror=$(sed -n 's/^URIs: *//p' "$sources" | head -n 1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --mode=root --architectures="$architecture" --variant=minbase --skip=check/qemu,setup/qemu --format=directory \
  --dpkgopt=force-unsafe-io trixie "$folder/root" "$mirror"
# As the official image has it: nothing in /dev, and the sources in one deb822 file.
rm -rf "$folder/root/etc/apt/sources.list" "$folder"/root/dev/*
cat >"$folder/root$sources" <<END
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
# How this machine reaches its feeds holds in the build too.
grep -lZ '^Acquire::' /etc/apt/apt.conf.d/* | xargs -0r cp -t "$folder/root/etc/apt/apt.conf.d"
container=$(buildah from --arch "$architecture" scratch)
buildah copy -q "$container" "$folder/root" / >/dev/null
image=$(buildah commit -q --rm "$container")
rm -f "$file"
buildah push -q "$image" "oci-archive:$file"
buildah rmi "$image" >/dev/null
