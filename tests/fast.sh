#!/usr/bin/env bash
# The fast loop: builds and runs what needs neither root nor network.
#
#   bash tests/fast.sh [ARGUMENT ...]     the arguments go to each suite: -class NAME, -method NAME ...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

failed=()
for suite in LxcfsAgent LxcfsFunctions; do
  dotnet build "tests/$suite.Tests" -c Release --verbosity quiet
  "tests/$suite.Tests/bin/Release/net10.0/$suite.Tests" -noLogo -noColor "$@" || failed+=("$suite")
done
printf 'after %d s: %s\n' "$SECONDS" "${failed[*]:-all is well}"
[ ${#failed[@]} -eq 0 ]
