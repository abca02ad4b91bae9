# shellcheck shell=bash
# Sourced by the scripts of the tests: Debian packages, installed once, and packages of the npm registry, checked.

# install_packages NAME ... : 0 when all of them are there; otherwise says what is missing and why.
install_packages() {
  local missing=() name
  for name in "$@"; do
    [[ $(dpkg-query -W -f='${Status}' "$name" 2>/dev/null) == *'ok installed'* ]] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "not a Debian machine, so these can't be installed: ${missing[*]}"
    return 1
  elif [ "$(id -u)" -ne 0 ]; then
    echo "only root can install: ${missing[*]}"
    return 1
  fi
  # Lists older than the archive's last change name versions that are gone.
  if [ ! -e /var/lib/apt/lists/.lxcfs-functions ] || [ -n "$(find /var/lib/apt/lists/.lxcfs-functions -mmin +720)" ]; then
    apt-get -qq update && touch /var/lib/apt/lists/.lxcfs-functions
  fi
  if ! DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null; then
    echo "apt-get could not install: ${missing[*]}"
    return 1
  fi
}

# unpack_npm PACKAGE VERSION INTEGRITY FOLDER: unpacks FOLDER/package, whose archive has this sha512, as the registry's index gives it.
# 77 where it can't be had.
unpack_npm() {
  local found
  command -v npm >/dev/null || install_packages npm >&2 || return 77
  (cd "$4" && npm pack --silent "$1@$2" >/dev/null 2>&1) || {
    echo "npm could not fetch $1 $2"
    return 77
  }
  found=$(openssl dgst -sha512 -binary "$4"/*.tgz | base64 -w0)
  if [ "$found" != "$3" ]; then
    echo "$1 $2 is not what it was: sha512 $found" >&2
    return 1
  fi
  tar -xzf "$4"/*.tgz -C "$4"
}
