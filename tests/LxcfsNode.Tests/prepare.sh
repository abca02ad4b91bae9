#!/usr/bin/env bash
# Installs what a node is made of, builds the images, and a guest with a kernel of its own: all of it below artifacts/node.
# What takes long is kept in the user's cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

bash tests/LxcfsNode.Tests/prepare/node.sh
install_packages cpio kmod qemu-system-x86 strace xz-utils || exit 77

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/node
exec 9>"$cache/lock"
flock 9
bash tests/LxcfsNode.Tests/prepare/guest.sh "$PWD/artifacts/node" "$cache"
