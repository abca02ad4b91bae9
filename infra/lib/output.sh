# shellcheck shell=bash disable=SC2034,SC2154
# What the user sees, how a change is made or only told, and what is left behind: nothing.

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}
misuse() {
  printf '%s\n' "$*" >&2
  exit 2
}

# Whatever ends the script, it says how to go on and takes its own things away.
scratch='' check_namespace=''
leave() {
  local status=$?
  [ -z "$scratch" ] || rm -rf "$scratch"
  forget_namespace
  # 2 is a wrong command line, 3 an answer of check.
  if [ $status -ne 0 ] && [ $status -ne 2 ] && [ $status -ne 3 ]; then
    printf '%s did not come to its end (%s). Every step is safe to repeat: once the cause is gone, run the same again.\n' "$command" $status >&2
  fi
  exit $status
}
trap leave EXIT

# forget_namespace: takes the one of the last check away.
forget_namespace() {
  [ -z "$check_namespace" ] || kubectl delete namespace "$check_namespace" --wait=false >/dev/null || true
  check_namespace=''
}

# scratch_file NAME: sets scratch_path to a file that only this user can read, gone at the end.
scratch_file() {
  [ -n "$scratch" ] || scratch=$(mktemp -d)
  scratch_path=$scratch/$1
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
  # Not command -v, which would find a function of this script.
  for tool in "$@"; do type -P "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || fail "these have to be installed: ${missing[*]}$([[ " ${missing[*]} " != *' az '* ]] || echo '; without Azure: --mode service')"
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
