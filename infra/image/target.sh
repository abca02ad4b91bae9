# shellcheck shell=bash
# Sourced inside the builds of both images, which run on the builder's own platform: what the image's architecture is called, and what
# its programs load. TARGETARCH is that architecture; where it is not set, the builder's own.
# shellcheck disable=SC2034 # The scripts that source this use it.
case ${TARGETARCH:=$(dpkg --print-architecture)} in
  amd64) triplet=x86_64-linux-gnu loader=/lib64/ld-linux-x86-64.so.2 ;;
  arm64) triplet=aarch64-linux-gnu loader=/lib/ld-linux-aarch64.so.1 ;;
  *)
    echo "The images are built for amd64 and arm64, not for $TARGETARCH." >&2
    exit 1
    ;;
esac

# copy_libraries ROOT FILE ...: copies below ROOT what these files load, and those of them that lie elsewhere; and what dpkg knows of
# their packages, a file each, which is where scanners look for it in an image without dpkg.
copy_libraries() {
  local root=$1 file loaded libraries packages package
  shift
  # The image's own loader says it, where ldd asks the machine's.
  if ! loaded=$(for file; do "$loader" --list "$file" 2>&1 || exit; done) || grep -q 'not found' <<<"$loaded"; then
    printf '%s\n' "$loaded" "The base lacks a library, or has an older one, or this machine does not run programs of $TARGETARCH." >&2
    return 1
  fi
  libraries=$({ printf '%s\n' "$@" && grep -oP '/\S+(?= \(0x)' <<<"$loaded"; } | grep -v "^$root/" | sort -u)
  xargs cp -L --parents -t "$root" <<<"$libraries"
  mkdir -p "$root/var/lib/dpkg/status.d"
  # By its name in any folder: a link stands for the one that dpkg knows.
  packages=$(for file in $libraries; do dpkg -S "*/$triplet/$(basename "$(realpath "$file")")" || exit; done | cut -d : -f 1 | sort -u)
  for package in $packages; do
    dpkg-query --status "$package:$TARGETARCH" >"$root/var/lib/dpkg/status.d/$package"
  done
}
