#!/usr/bin/env bash
# Builds everything and runs every suite: bash tests/run.sh [SUITE ...]
#
# A suite is a project tests/*/NAME.Tests.csproj. The prepare.sh beside it, if it has one, installs and builds what the suite needs;
# exit code 77 means that this machine can't run the suite, and what it printed last says why. Everything is prepared before
# anything runs, since suites share what is published. What mostly waits, lasts for a set time, or can use one processor only, runs beside the others, one
# after the other: all at once, they would wait for each other longer than they may. What measures runs last, by itself.
# tests/README.md says what each of them needs and how long it takes. The last line counts tests from the result files that the suites wrote.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
# shellcheck source=tests/packages.sh
source tests/packages.sh

# More than twice what the longest of them needs beside others on two processors; SUITE_LIMIT=2h for one whose length is set to more.
longest=${SUITE_LIMIT:-45m}
# Tells a prepare.sh that another one has done the same part in this run.
export TEST_RUN=$$-$EPOCHSECONDS
failed_suites=()
times=()
step() { printf '\n== %s\n' "$*"; }

# Of all processors since the machine's start: what they were busy, and all of it.
spent() { awk 'NR == 1 { busy = $2 + $3 + $4 + $7 + $8; print busy, busy + $5 + $6 }' /proc/stat; }
read -ra spent_before < <(spent)

# took NAME STARTED: with how busy the processors have been since the step before, which tells what could run beside it.
took() {
  local now
  read -ra now < <(spent)
  times+=("$(printf '%5d s %3d %%  %s' "$((SECONDS - $2))" "$((100 * (now[0] - spent_before[0]) / (now[1] - spent_before[1] + 1)))" "$1")")
  spent_before=("${now[@]}")
}

suite_folder() { dirname tests/*/"$1.Tests.csproj"; }

# prepare SUITE: whether it can be run here.
prepare() {
  local suite=$1 script started=$SECONDS code=0
  script=$(suite_folder "$suite")/prepare.sh
  [ -f "$script" ] || return 0
  step "Prepare $suite"
  bash "$script" 2>&1 | tee "$results/$suite.prepare.log" || code=${PIPESTATUS[0]}
  took "prepare $suite" "$started"
  case $code in
    0) return 0 ;;
    77) left_out+=("$suite: $(tail -n 1 "$results/$suite.prepare.log")") ;;
    *)
      echo "FAILED: $suite: prepare.sh ended with $code"
      failed_suites+=("$suite (prepare)")
      ;;
  esac
  return 1
}

# suite NAME ARGUMENT ...: what it runs is ended where it hangs, since a run that says nothing at all helps nobody.
suite() { exec timeout --foreground --kill-after 60 "$longest" "$(suite_folder "$1")/bin/Release/net10.0/$1.Tests" -noLogo -noColor "${@:2}"; }

# judge NAME EXIT-CODE: a suite that broke down has left no result.
judge() {
  if [ "$2" -ne 0 ] || [ ! -f "$results/$1.xml" ]; then failed_suites+=("$1"); fi
}

step 'Install what the build needs'
install_packages clang zlib1g-dev shellcheck ||
  echo 'Going on with what is already there: an ahead-of-time build needs clang and zlib1g-dev.'

step 'Build'
started=$SECONDS
dotnet restore LxcfsFunctions.sln --locked-mode
dotnet build LxcfsFunctions.sln -c Release --no-restore
took build "$started"

wanted=("$@")
suites=() left_out=()
if [ ${#wanted[@]} -eq 0 ]; then
  for project in tests/*/*.Tests.csproj; do wanted+=("$(basename "$project" .Tests.csproj)"); done
fi

for suite in "${wanted[@]}"; do
  if prepare "$suite"; then suites+=("$suite"); fi
done

declare -A running=()
trap '[ ${#running[@]} -eq 0 ] || kill "${running[@]}" 2>/dev/null || true' EXIT
runs() { [[ " ${suites[*]} " == *" $1 "* ]]; }

# begin NAME SUITE ARGUMENT ...: runs tests of a suite while others run.
begin() {
  step "$1 runs beside the suites; what it prints comes when it is over"
  suite "$2" "${@:3}" -result-xml "$results/$1.xml" >"$results/$1.log" 2>&1 &
  running[$1]=$!
}

# complete NAME SUITE ARGUMENT ...: runs tests of a suite and waits for them.
complete() {
  local started=$SECONDS code=0
  step "Run $1"
  (suite "$2" "${@:3}" -result-xml "$results/$1.xml") || code=$?
  judge "$1" "$code"
  took "$1" "$started"
}

# What has a trait Beside is no part of its suite's own run: NAME=SUITE, and with which suite it begins; at once where that one is not run.
declare -A beside=([LxcfsGuest]=Lxcfs [Guest]=LxcfsNode [Soak]=EndToEnd [Fuzz]=Lxcfs) begins_with=([LxcfsGuest]=Arm64 [Soak]=Lxcfs [Guest]=LxcfsAgent [Fuzz]=EndToEnd)
rest=(-trait- Beside=Nothing)
for name in "${!beside[@]}"; do rest+=(-trait- "Beside=$name"); done
begin_beside() {
  if runs "${beside[$1]}"; then begin "$1" "${beside[$1]}" -trait "Beside=$1"; fi
}
for name in "${!beside[@]}"; do
  if ! runs "${begins_with[$name]}"; then begin_beside "$name"; fi
done
# It waits most of the time: for a kubelet.
if runs Cluster; then begin Cluster Cluster; fi

for suite in "${suites[@]}"; do
  if [ "$suite" = Cluster ]; then continue; fi
  # A browser, and what packs a release, each leave a processor to the other.
  if [ "$suite" = Page ] && runs Release; then continue; fi
  if [ "$suite" = Release ] && runs Page; then begin Page Page; fi
  for name in "${!beside[@]}"; do
    if [ "${begins_with[$name]}" = "$suite" ]; then begin_beside "$name"; fi
  done
  complete "$suite" "$suite" "${rest[@]}"
done

for name in "${!running[@]}"; do
  step "Wait for $name"
  code=0
  wait "${running[$name]}" || code=$?
  unset "running[$name]"
  judge "$name" "$code"
  times+=("$(printf '%5d s        %s' "$(grep -oPm 1 '<assembly [^>]*? time="\K[0-9]+' "$results/$name.xml" || echo 0)" "$name, beside these")")
  cat "$results/$name.log"
done

if runs LxcfsNode; then complete Measured LxcfsNode -trait Beside=Nothing; fi

count() {
  local total=0 file value
  for file in "$results"/*.xml; do
    [ -f "$file" ] || continue
    while read -r value; do total=$((total + value)); done < <(grep -oP "<assembly [^>]*?\b$1=\"\K[0-9]+" "$file")
  done
  echo "$total"
}
# What failed, once more at the end: whoever sees the last lines alone sees this. The count comes whatever becomes of it.
failures() {
  compgen -G "$results/*.xml" >/dev/null || return 0
  perl -0777 -ne 'while (/<test (?:(?!<test ).)*? name="([^"]*)" result="Fail".*?<message>(.*?)<\/message>/sg) { print "FAILED: $1\n", substr($2, 0, 1000), "\n" }' "$results"/*.xml || true
}
passed=$(count passed)
failed=$(($(count failed) + $(count errors)))
skipped=$(count skipped)

step "Result after $SECONDS s"
failures
printf '%s\n' "${times[@]}"
[ ${#left_out[@]} -eq 0 ] || printf 'LEFT OUT: %s\n' "${left_out[@]}"
if [ ${#failed_suites[@]} -gt 0 ]; then
  printf 'Failed: %s\n' "${failed_suites[@]}"
  # A suite that broke down without a result is a failure that no result file counts.
  [ "$failed" -gt 0 ] || failed=${#failed_suites[@]}
fi
summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary+=", $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
