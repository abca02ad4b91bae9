#!/usr/bin/env bash
# Builds LXCFS with the project's changes: build.sh SOURCE OUT [SANITIZER]. OUT gets lxcfs and liblxcfs.so.
#
# SOURCE is what fetch.sh unpacked; it is changed in place. SANITIZER is address or thread, for tests. For another machine than this
# one CC, AR, STRIP and PKG_CONFIG are what makes its programs; nothing that they make is run.
set -euo pipefail
source=$1
out=$2
sanitizer=${3:-none}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cc=${CC:-cc}

python3 "$here/apply.py" "$source" "$here"/changes/*.change
cp "$here"/src/*.[ch] "$source/src/"
# What a denied call is called: the numbers are the machine's own.
echo '#include <sys/syscall.h>' | $cc -E -dM - | sed -nE 's/^#define __NR_([a-z0-9_]+) .*/NAME(\1)/p' | LC_ALL=C sort >"$source/src/syscall_names.h"

# The same files from the same source, wherever it lies: no path of the build in them, and the library beside the program.
export CFLAGS="-g -O2 -ffile-prefix-map=$source=/lxcfs -Werror=unused-function" LDFLAGS="-Wl,-rpath,\$ORIGIN -Wl,--build-id=sha1"
machine=$($cc -dumpmachine)
machine=${machine%%-*}
options=(--prefix=/usr "--libdir=lib/$machine-linux-gnu" --buildtype=plain -Ddocs=false -Dinit-script=sysvinit)
if [ "$machine" != "$(uname -m)" ]; then
  printf "[host_machine]\nsystem = 'linux'\ncpu_family = '%s'\ncpu = '%s'\nendian = 'little'\n" "$machine" "$machine" >"$source/machine"
  options+=(--cross-file machine)
fi
if [ "$sanitizer" = none ]; then
  CFLAGS+=' -D_FORTIFY_SOURCE=2'
  options+=(-Db_lto=false)
else
  CFLAGS+=' -fno-omit-frame-pointer'
  options+=("-Db_sanitize=$sanitizer" -Db_lundef=false)
fi
(cd "$source" && meson setup "${options[@]}" build >build.log && ninja -C build >>build.log) || {
  cat "$source/build.log"
  exit 1
}
mkdir -p "$out"
install -m 755 "$source/build/lxcfs" "$out"
install -m 644 "$source/build/liblxcfs.so" "$out"
[ "$sanitizer" != none ] || "${STRIP:-strip}" "$out"/{lxcfs,liblxcfs.so}
