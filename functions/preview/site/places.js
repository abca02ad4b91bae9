// Where in the manifest a warning points to: the container that it names first, or else its object.
const named = /^[\s-]*name:\s*["']?([a-z0-9-]+)["']?\s*$/;

/** Warnings as { message, line }, of a document of the answer to a manifest. */
export function locate(document, manifest) {
  const lines = manifest.split('\n');
  return document.warnings.map(message => {
    const name = /: ([a-z0-9-]+)(?:, .*)?$/.exec(message)?.[1];
    const known = document.containers.some(each => each.name === name);
    const at = known ? lines.findIndex((line, i) => i >= document.line && named.exec(line)?.[1] === name) : -1;
    return { message, line: at < 0 ? document.line : at + 1 };
  });
}
