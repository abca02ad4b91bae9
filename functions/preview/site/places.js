// Where in the manifest a warning points to: the container that it names first, or else its object.
const named = /^[\s-]*name:\s*["']?([a-z0-9-]+)["']?\s*$/;

/** Warnings, each with its line, of a document of the answer to a manifest. */
export function locate(document, manifest) {
  const lines = manifest.split('\n');
  return document.warnings.map(warning => {
    const names = warning.values[0]?.split(', ') ?? [];
    const name = document.containers.find(each => names.includes(each.name))?.name;
    const at = name ? lines.findIndex((line, i) => i >= document.line && named.exec(line)?.[1] === name) : -1;
    return { ...warning, line: at < 0 ? document.line : at + 1 };
  });
}
