#!/usr/bin/env bash
# Builds everything for linux-arm64 on this machine, below artifacts/arm64: the package of the functions and the agent, by the release's
# own script below artifacts/release, the agent's unit tests, and LXCFS against the C library of its image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh
# shellcheck source=tests/apiserver/archive.sh
source tests/apiserver/archive.sh

if [ "$(uname -m)" != x86_64 ]; then
  echo 'cross-compiles from amd64'
  exit 77
fi
install_packages binutils-aarch64-linux-gnu clang gcc-aarch64-linux-gnu libc6-dev-arm64-cross meson ninja-build pkgconf python3-jinja2 \
  qemu-user-static unzip || exit 77

out=$PWD/artifacts/arm64
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/arm64
mkdir -p "$out" "$cache"
exec 9>"$cache/lock"
flock 9

system=$cache/system-$(date +%Y-%m)
if [ ! -d "$system" ]; then
  rm -rf "$cache"/system-* "$cache/archive"
  # Of the image's base.
  printf 'APT::Architecture "arm64";\nAPT::Architectures { "arm64"; };\n' >"$cache/apt.conf"
  if ! (
    export APT_CONFIG=$cache/apt.conf
    archive_open "$cache/archive" trixie &&
      archive_unpack "$system~" libc6 libc6-dev linux-libc-dev libgcc-s1 libgcc-14-dev libstdc++6 libfuse3-dev libfuse3-4 libssl3t64 zlib1g libzstd1
  ); then
    echo "Debian's archive has no packages for arm64, or can't be reached"
    exit 77
  fi
  ln -s usr/lib "$system~/lib"
  mv "$system~" "$system"
fi
ln -sfn "$system" "$out/system"
if ! tests/Arm64.Tests/emulate.sh true; then
  echo 'this kernel lets no user namespace say how arm64 is run (binfmt_misc, Linux 6.7)'
  exit 77
fi

# As a release builds them, by a version that no default is: the newest one of the changelog.
infra/release/programs.sh "$(sed -nE 's/^## \[([0-9][^]]*)\] - .*/\1/p' CHANGELOG.md | head -n 1)" artifacts/release artifacts/release/work
for name in agent package lxcfs-functions.zip; do
  rm -rf "${out:?}/$name"
  ln -s "../release/work/arm64/$name" "$out/$name"
done
[ -f artifacts/lxcfs-functions-worker.zip ] || dotnet publish functions/worker -c Release
dotnet publish tests/LxcfsAgent.Tests -c Release -p:RestoreLockedMode=true -p:LinuxArchitecture=arm64 --artifacts-path "$out/build" --self-contained \
  -p:PublishDir="$out/unit-tests/"

kept=$cache/lxcfs-$({ basename "$system"; find lxcfs-daemonset/lxcfs -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -c 1-16)
if [ ! -d "$kept" ]; then
  rm -rf "$cache"/lxcfs-* "$cache/source"
  LXCFS_SUITE=trixie bash lxcfs-daemonset/lxcfs/fetch.sh "$cache/source"
  CC="clang --target=aarch64-linux-gnu --sysroot=$system" AR=aarch64-linux-gnu-ar STRIP=aarch64-linux-gnu-strip PKG_CONFIG=pkg-config \
    PKG_CONFIG_SYSROOT_DIR=$system PKG_CONFIG_LIBDIR=$system/usr/lib/aarch64-linux-gnu/pkgconfig \
    bash lxcfs-daemonset/lxcfs/build.sh "$cache/source" "$kept~"
  mv "$kept~" "$kept"
fi
ln -sfn "$kept" "$out/lxcfs"
echo "${TEST_RUN:-}" >artifacts/release/run
