#!/usr/bin/env bash
# Installs what a node is made of and builds its images below artifacts/node, but no guest: node.sh, for every suite that runs nodes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

if [ "$(id -u)" -ne 0 ]; then
  echo 'containers, mounts and LXCFS need root'
  exit 77
elif [ ! -c /dev/fuse ]; then
  echo 'there is no /dev/fuse'
  exit 77
fi
install_packages buildah busybox-static clang containerd gcc libc6-dev mmdebstrap runc tini zlib1g-dev || exit 77

out=$PWD/artifacts/node
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/node
mkdir -p "$out" "$cache"
# One at a time: two runs would build the same images in the same storage.
exec 9>"$cache/lock"
flock 9

dotnet publish lxcfs-daemonset/agent -c Release
dotnet publish functions -c Release

cat >"$cache/storage.conf" <<END
[storage]
driver = "vfs"
graphroot = "$cache/images"
runroot = "$cache/run"
END
export CONTAINERS_STORAGE_CONF=$cache/storage.conf BUILDAH_ISOLATION=chroot
bash tests/LxcfsNode.Tests/prepare/images.sh "$out" "$cache"
bash tests/LxcfsNode.Tests/prepare/attacks.sh "$out"
