#!/usr/bin/env bash
# Makes a guest that runs a suite on a kernel with cgroup v2 alone: guest.sh FOLDER CACHE [NAME SUITE ARTIFACT ...].
# FOLDER/NAME/, or FOLDER/guest/, gets vmlinuz and initramfs.cpio: the kernel of a Debian package, and this machine's own runtime and
# containerd. The suite is LxcfsNode where none is named, with all images but the largest.
set -euo pipefail
out=$1
cache=$2
here=$(dirname "${BASH_SOURCE[0]}")/..
guest=${3:-guest}
name=${4:-LxcfsNode}
artifacts=("${@:5}")
suite=$PWD/tests/$name.Tests/bin/Release/net10.0
if [ ! -f "$suite/$name.Tests.dll" ]; then
  echo "there is no $suite/$name.Tests.dll: dotnet build tests/$name.Tests -c Release makes it" >&2
  exit 1
fi
# The programs that explain speaks of are too much for its memory.
[ ${#artifacts[@]} -gt 0 ] || mapfile -t artifacts < <(
  find "$out" -maxdepth 1 \( -name '*.tar' ! -name programs.tar ! -name lxcfs-builds.tar ! -name lxcfs-tenant.tar -o -name attacks \) -printf '%f\n'
)
mkdir -p "$out/$guest"

kernel=$(bash "$here/prepare/kernel.sh" "$cache")
cp "$kernel"/boot/vmlinuz-* "$out/$guest/vmlinuz"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{artifacts,bin,dev,etc,new,proc,root,run,sys,tmp,modules,suite}
# FUSE is built in.
for module in overlay brd; do
  xz -dc "$(find "$kernel" -name "$module.ko.xz")" >"$root/modules/$module.ko"
done
install "$here/images/guest/init" "$root/init"
sed "s/LxcfsNode\.Tests/$name.Tests/" "$here/images/guest/run" >"$root/root/run"
cp /bin/busybox "$root/bin"
cp -rL "$suite/." "$root/suite"
(cd "$out" && cp -rt "$root/artifacts" "${artifacts[@]}")

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
runtime=$(find "$dotnet/shared/Microsoft.NETCore.App" -maxdepth 1 -name '10.*' | sort -V | tail -n 1)
tar -C "$dotnet" -c dotnet host "shared/Microsoft.NETCore.App/$(basename "$runtime")" | tar -x -C "$root/root"
programs=()
for program in unshare nsenter mount umount containerd containerd-shim-runc-v2 ctr runc tini-static; do
  programs+=("$(readlink -f "$(command -v "$program")")")
done
# tini-static is no dynamic executable: ldd says so and fails.
mapfile -t libraries < <({
  ldd "${programs[@]}" "$dotnet/dotnet" "$runtime"/*.so 2>/dev/null | grep -oP '(?<==> |\t)/lib\S+' || true
  # .NET loads OpenSSL by name: xunit hashes the names of tests.
  ldconfig -p | grep -oP 'lib(ssl|crypto)\.so\.3 .*=> \K\S+'
} | sort -u)
cp -L --parents "${libraries[@]}" "$root"
cp "${programs[@]}" "$root/bin"
(cd "$root" && find . -print0 | cpio --null --quiet -o -H newc) >"$out/$guest/initramfs.cpio"
