# shellcheck shell=bash
# What the user sees, and how a change is made or only told.

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# run COMMAND ...: changes something; with --dry-run only says so.
run() {
  if [ -n "${dry_run:-}" ]; then
    say "would run: $*"
  else
    "$@" || fail "$1 ended with $?: $*"
  fi
}

# need_tools NAME ...: all that are missing, at once.
need_tools() {
  local missing=() tool
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || fail "these have to be installed: ${missing[*]}"
}

# Seconds between two questions; the tests ask faster.
poll_seconds=${LXCFS_POLL_SECONDS:-5}

# until_true WHAT COMMAND ...: asks until it is true, --timeout at most.
until_true() {
  local what=$1 end=$((SECONDS + timeout))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "$what: not within $timeout s"
    sleep "$poll_seconds"
  done
}
