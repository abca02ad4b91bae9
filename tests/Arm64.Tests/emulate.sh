#!/usr/bin/env bash
# Runs a command where arm64's programs run, under emulation: emulate.sh COMMAND ...
#
# It says so to a user namespace of its own, which is gone with it; the machine's own binfmt_misc stays as it was.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "${1:-}" != --inside ]; then
  exec unshare --user --map-root-user --mount "$here/emulate.sh" --inside "$@"
fi
shift
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
# The head of an ELF program of 64 bits for machine 183, AArch64, and which of its bits count.
printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' >/proc/sys/fs/binfmt_misc/register
# QEMU translates what a compiler at run time writes anew only where it is written by the address that it runs at.
export QEMU_LD_PREFIX=$here/../../artifacts/arm64/system DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0
exec "$@"
