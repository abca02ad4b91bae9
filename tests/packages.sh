# shellcheck shell=bash
# Sourced by the scripts of the tests: Debian packages, installed once.

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
