// What was chosen, kept in the browser; a browser that keeps nothing for us is one where it was not chosen.
export function recall(key, allowed) {
  try {
    const value = localStorage.getItem(`lxcfs.${key}`);
    return !allowed || allowed.includes(value) ? value : null;
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`lxcfs.${key}`, value);
  } catch {
    // The choice holds until the page is left.
  }
}
