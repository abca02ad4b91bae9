#!/usr/bin/env bash
# Builds, beside the images of LxcfsNode.Tests, other builds of LXCFS, the files of the agent's image once more, and a tenant:
# artifacts/node/lxcfs-builds.tar, lxcfs-again.tar and lxcfs-tenant.tar; and a guest with cgroup v2 alone that runs this suite's tests
# for it: artifacts/node/lxcfs-guest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

bash tests/LxcfsNode.Tests/prepare/node.sh
install_packages cpio kmod python3-minimal qemu-system-x86 strace xz-utils || exit 77

here=tests/Lxcfs.Tests
out=$PWD/artifacts/node
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/node
exec 9>"$cache/lock"
flock 9
export CONTAINERS_STORAGE_CONF=$cache/storage.conf BUILDAH_ISOLATION=chroot

# [STAGE=NAME] archive NAME INPUT ... -- OPTION ...: builds an image, unless its archive is kept from the same inputs. Where a stage of
# the agent's image is what it begins with, that is kept from its build.
archive() {
  local name=$1 inputs=() kept image
  shift
  while [ "$1" != -- ]; do
    inputs+=("$1")
    shift
  done
  shift
  # Debian's archive moves on: what was made in another month is made anew.
  kept=$cache/builds/$name-$(date +%Y-%m)-$(find "${inputs[@]}" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16).tar
  if [ ! -f "$kept" ]; then
    rm -f "$cache/builds/$name-"*
    if [ -n "${STAGE:-}" ]; then
      buildah build -q --layers --pull-never --target "$STAGE" -t "localhost/stage-$STAGE" -f lxcfs-daemonset/Dockerfile --build-arg "$base" . >/dev/null
    fi
    image=$(buildah build -q --pull-never -t "localhost/$name" "$@")
    buildah push -q "$image" "oci-archive:$kept~:localhost/$name:test"
    mv "$kept~" "$kept"
  fi
  ln -f "$kept" "$out/$name.tar" 2>/dev/null || cp "$kept" "$out/$name.tar"
}

mkdir -p "$cache/builds"
base=BASE=localhost/debian:trixie-slim
archive lxcfs-builds lxcfs-daemonset/lxcfs "$here/images/builds" -- -f "$here/images/builds/Containerfile" --build-arg "$base" .
STAGE=lxcfs archive lxcfs-again lxcfs-daemonset/{Dockerfile,rootfs.sh,lxcfs} infra/image "$here/images/again" -- -f "$here/images/again/Containerfile" "$here/images/again"

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
mkdir -p "$context"/{bin,dev,proc,run,sys,tmp}
gcc -static -O2 -Wall -Wextra -Werror -pthread -o "$context/lxcfs-tenant" "$here"/tenant/*.c
for applet in $(/bin/busybox --list); do ln -s busybox "$context/bin/$applet"; done
cp --remove-destination /bin/busybox "$context/bin"
cp "$context/lxcfs-tenant" "$out"
archive lxcfs-tenant "$here/tenant" "$here/images/tenant" /bin/busybox -- -f "$here/images/tenant/Containerfile" "$context"
bash tests/LxcfsNode.Tests/prepare/guest.sh "$out" "$cache" lxcfs-guest Lxcfs lxcfs.tar lxcfs-agent.tar lxcfs-builds.tar lxcfs-tenant
