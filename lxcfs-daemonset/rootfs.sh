#!/usr/bin/env bash
# Runs inside the image build: gathers in /rootfs LXCFS, built from source, and the libraries that it and the agent load.
set -euo pipefail
# shellcheck source=infra/image/target.sh
source /target.sh

bash /lxcfs/fetch.sh /source
CC=$triplet-gcc AR=$triplet-ar STRIP=$triplet-strip PKG_CONFIG=$triplet-pkg-config bash /lxcfs/build.sh /source /rootfs/opt/lxcfs
# Where an agent of before looks for one of two versions.
for version in v1 v2; do
  mkdir "/rootfs/opt/lxcfs/$version"
  ln -s ../lxcfs ../liblxcfs.so "/rootfs/opt/lxcfs/$version"
done
# Its licence asks for what was changed.
mkdir -p /rootfs/usr/share/doc/lxcfs
cp -r /source/LICENSE.LGPL2.1 /source/AUTHORS /lxcfs/changes /lxcfs/src /rootfs/usr/share/doc/lxcfs

# What NativeAOT links is libc's and so always there; what it loads by name no loader sees.
copy_libraries /rootfs /rootfs/opt/lxcfs/{lxcfs,liblxcfs.so} "/lib/$triplet"/lib{c,m,dl,rt,pthread}.so.* "/lib/$triplet"/lib{ssl,crypto}.so.3 \
  "/lib/$triplet/libgcc_s.so.1"
cp -L --parents /etc/os-release /rootfs
mkdir -p /rootfs/{dev,proc,run,sys,tmp,usr/bin,var/lib/lxc}
