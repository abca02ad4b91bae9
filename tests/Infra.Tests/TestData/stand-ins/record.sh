# shellcheck shell=bash
# CALLS is a file that gets one line a call; a call whose line is FAILING fails.

record() {
  local line
  line=$(sed -E -e "s#$CHECKOUT#ROOT#g" -e 's#--file [^ ]+#--file FILE#' -e 's#lxcfs-check-[0-9]+#lxcfs-check-N#' <<<"$1")
  printf '%s\n' "$line" >>"$CALLS"
  if [ "$line" = "${FAILING:-}" ]; then
    echo 'ERROR: told to fail' >&2
    exit 1
  fi
}
