#!/usr/bin/env bash
# A Kubernetes to boot, a root file system for its node, and the images. Takes root, /dev/fuse, Debian's archive and cgroup v1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  echo 'a kubelet of 1.20 takes cgroup v1, and this machine has v2 alone'
  exit 77
fi
install_packages iproute2 openssl tini util-linux || exit 77
bash tests/kubectl.sh
bash tests/apiserver/build.sh
bash tests/cluster/root.sh
bash tests/LxcfsNode.Tests/prepare/node.sh
# Without the commit's history only the upgrade from there is left out.
before=$(bash tests/cluster/before.sh | tail -n 1) || before=

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/node
exec 9>"$cache/lock"
flock 9
export CONTAINERS_STORAGE_CONF=$cache/storage.conf BUILDAH_ISOLATION=chroot
bash tests/cluster/images.sh "$PWD/artifacts/node" "$cache" "$before"
