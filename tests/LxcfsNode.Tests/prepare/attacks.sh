#!/usr/bin/env bash
# Compiles what hostile tenants run: attacks.sh FOLDER. Each becomes a static program FOLDER/attacks/NAME.
set -euo pipefail
out=$1/attacks
here=$(dirname "${BASH_SOURCE[0]}")/../attacks
mkdir -p "$out"
for source in "$here"/*.c; do
  program=$out/$(basename "$source" .c)
  if [ ! -f "$program" ] || [ -n "$(find "$here" -newer "$program" -type f)" ]; then
    gcc -static -pthread -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$program" "$source"
  fi
done
