#!/usr/bin/env bash
# Builds a release's programs by its own script, below artifacts/release, and what its images are made of: a base of each architecture,
# the stages of the Dockerfiles that need the network, and a registry's program, which is unpacked and not installed. The suite
# builds the images, and pushes them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

if [ "$(id -u)" -ne 0 ]; then
  echo 'images are built by root'
  exit 77
fi
install_packages buildah ca-certificates mmdebstrap skopeo || exit 77
# It runs programs.sh.
if [ -z "${TEST_RUN:-}" ] || [ "$(cat artifacts/release/run 2>/dev/null)" != "$TEST_RUN" ]; then bash tests/Arm64.Tests/prepare.sh; fi

out=$PWD/artifacts/release
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/release
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9

if [ ! -x "$cache/docker-registry" ]; then
  rm -rf "$cache/registry"
  mkdir "$cache/registry"
  (cd "$cache/registry" && apt-get -qq -o APT::Sandbox::User=root download docker-registry) || {
    echo 'apt-get could not download docker-registry'
    exit 77
  }
  dpkg -x "$cache"/registry/*.deb "$cache/registry"
  mv "$cache/registry/usr/bin/docker-registry" "$cache"
  rm -rf "$cache/registry"
fi
ln -sf "$cache/docker-registry" "$cache/lock" "$out"

# Debian's archive moves on: what was made in another month, or from other files, is made anew.
key=$(date +%Y-%m)-$(find lxcfs-daemonset/{Dockerfile,rootfs.sh,lxcfs} functions/Dockerfile infra/image tests/LxcfsNode.Tests/prepare/base.sh -type f -print0 |
  sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16)
storage=$cache/storage-$key
mkdir -p "$storage"
touch "$storage"
# Another checkout may use another one.
find "$cache" -maxdepth 1 -name 'storage-*' -mtime +6 -exec rm -rf {} +
cat >"$storage/storage.conf" <<END
[storage]
driver = "vfs"
graphroot = "$storage/images"
runroot = "$storage/run"
END
ln -sf "$storage/storage.conf" "$out/storage.conf"
export CONTAINERS_STORAGE_CONF=$storage/storage.conf BUILDAH_ISOLATION=chroot

# What the last run built.
buildah images --quiet --filter 'reference=localhost/lxcfs-*' | sort -u | xargs -r buildah rmi -f >/dev/null
buildah rmi --prune >/dev/null
if [ ! -f "$storage/made" ]; then
  rm -f "$storage"/base-*.oci.tar
  bash tests/LxcfsNode.Tests/prepare/base.sh localhost/debian:trixie-slim
  buildah push -q localhost/debian:trixie-slim "oci-archive:$storage/base-amd64.oci.tar"
  # An empty one shows that nothing is built on arm64's.
  container=$(buildah from --arch arm64 scratch)
  buildah push -q "$(buildah commit -q --rm "$container")" "oci-archive:$storage/base-arm64.oci.tar"
  building=()
  for architecture in amd64 arm64; do
    infra/release/emulate.sh tests/Release.Tests/stages.sh "$architecture" "$storage/base-amd64.oci.tar" &
    building+=($!)
  done
  for process in "${building[@]}"; do wait "$process"; done
  touch "$storage/made"
fi
ln -sf "$storage"/base-{amd64,arm64}.oci.tar "$out"
