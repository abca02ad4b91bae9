#!/usr/bin/env bash
# Runs a command where arm64's programs run and find their libraries: emulate.sh COMMAND ...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# QEMU translates what a compiler at run time writes anew only where it is written by the address that it runs at.
export QEMU_LD_PREFIX=$here/../../artifacts/arm64/system DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0
exec "$here/../../infra/release/emulate.sh" "$@"
