#!/usr/bin/env bash
# Makes a base image from Debian's packages: base.sh TAG. Buildah's storage is what CONTAINERS_STORAGE_CONF names.
set -euo pipefail
tag=$1
suite=${tag##*:}
suite=${suite%-slim}
if buildah inspect "$tag" >/dev/null 2>&1; then exit; fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sources=/etc/apt/sources.list.d/debian.sources
mirror=$(sed -n 's/^URIs: *//p' "$sources" | head -n 1)
mmdebstrap --quiet --mode=root --variant=minbase --format=directory --dpkgopt=force-unsafe-io "$suite" "$folder" "$mirror"
# As the official image has it: nothing in /dev, and the sources in one deb822 file.
rm -rf "$folder/etc/apt/sources.list" "${folder:?}"/dev/*
cat >"$folder$sources" <<END
Types: deb
URIs: $mirror
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
# How this machine reaches its feeds holds in the build too.
grep -lZ '^Acquire::' /etc/apt/apt.conf.d/* | xargs -0r cp -t "$folder/etc/apt/apt.conf.d"
container=$(buildah from scratch)
buildah copy -q "$container" "$folder" / >/dev/null
buildah commit -q --rm "$container" "$tag" >/dev/null
