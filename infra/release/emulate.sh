#!/usr/bin/env bash
# Runs a command where arm64's programs run, under emulation: emulate.sh COMMAND ... It needs qemu-user-static, and Linux 6.7.
#
# It says so to a user namespace of its own, which is gone with it; the machine's own binfmt_misc stays as it was. Root keeps every
# user in there, since what installs packages and unpacks images has files of more than one; anybody else is root alone.
set -euo pipefail
case ${1:-} in
  --mapped) shift ;;
  --unmapped)
    shift
    until [ -n "$(</proc/self/gid_map)" ]; do sleep 0.01; done
    # A program that is started before its user has a name there has no rights.
    exec "$0" --mapped "$@"
    ;;
  *)
    [ "$(id -u)" -eq 0 ] || exec unshare --user --map-root-user --mount "$0" --mapped "$@"
    # One user less than there are: buildah takes a namespace of all for the machine's own, and would make devices.
    users() { sed -E 's/^ *([0-9]+) +[0-9]+ +([0-9]+)$/\1 \1 \2/; s/4294967295$/4294967294/' "/proc/self/$1"; }
    (
      {
        outside=$(readlink /proc/self/ns/user)
        until [ "$(readlink "/proc/$$/ns/user")" != "$outside" ]; do sleep 0.01; done
        { users uid_map >"/proc/$$/uid_map" && users gid_map >"/proc/$$/gid_map"; } || kill "$$"
      } >/dev/null 2>&1 &
    )
    exec unshare --user --mount "$0" --unmapped "$@"
    ;;
esac
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
# The head of an ELF program of 64 bits for machine 183, AArch64, and which of its bits count. F: what is found here runs in any root.
printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' >/proc/sys/fs/binfmt_misc/register
exec "$@"
