#!/usr/bin/env bash
# Builds everything and runs every suite: bash tests/run.sh [SUITE ...]
#
# A suite is a project tests/*/NAME.Tests.csproj. The prepare.sh beside it, if it has one, installs and builds what the suite needs;
# exit code 77 means that this machine can't run the suite, and what it printed last says why.
# The last line counts tests from the result files that the suites wrote.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
# shellcheck source=tests/packages.sh
source tests/packages.sh

step() { printf '\n== %s\n' "$*"; }

step 'Install what the build needs'
install_packages clang zlib1g-dev shellcheck ||
  echo 'Going on with what is already there: an ahead-of-time build needs clang and zlib1g-dev.'

step 'Build'
dotnet restore LxcfsFunctions.sln --locked-mode
dotnet build LxcfsFunctions.sln -c Release --no-restore

suites=("$@")
if [ ${#suites[@]} -eq 0 ]; then
  for project in tests/*/*.Tests.csproj; do suites+=("$(basename "$project" .Tests.csproj)"); done
fi

failed_suites=()
for suite in "${suites[@]}"; do
  folder=$(dirname tests/*/"$suite.Tests.csproj")
  started=$SECONDS
  if [ -f "$folder/prepare.sh" ]; then
    step "Prepare $suite"
    code=0
    bash "$folder/prepare.sh" 2>&1 | tee "$results/$suite.prepare.log" || code=${PIPESTATUS[0]}
    if [ "$code" -eq 77 ]; then
      echo "LEFT OUT: $suite: $(tail -n 1 "$results/$suite.prepare.log")"
      continue
    elif [ "$code" -ne 0 ]; then
      echo "FAILED: $suite: prepare.sh ended with $code"
      failed_suites+=("$suite (prepare)")
      continue
    fi
  fi
  step "Run $suite"
  "$folder/bin/Release/net10.0/$suite.Tests" -noLogo -noColor -result-xml "$results/$suite.xml" || failed_suites+=("$suite")
  [ -f "$results/$suite.xml" ] || failed_suites+=("$suite (no results)")
  echo "$suite took $((SECONDS - started)) s"
done

count() {
  local total=0 file value
  for file in "$results"/*.xml; do
    [ -f "$file" ] || continue
    while read -r value; do total=$((total + value)); done < <(grep -oP "<assembly [^>]*?\b$1=\"\K[0-9]+" "$file")
  done
  echo "$total"
}
passed=$(count passed)
failed=$(($(count failed) + $(count errors)))
skipped=$(count skipped)

step "Result after $SECONDS s"
if [ ${#failed_suites[@]} -gt 0 ]; then
  printf 'Failed: %s\n' "${failed_suites[@]}"
  # A suite that broke down without a result is a failure that no result file counts.
  [ "$failed" -gt 0 ] || failed=${#failed_suites[@]}
fi
summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary+=", $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
