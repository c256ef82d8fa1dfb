/** Throws unless the conflicts found, each as `id pointer`, are those that were put in. */
export function assertFound(found: readonly string[], expected: readonly string[]): void {
  const missing = expected.filter((conflict) => !found.includes(conflict));
  const invented = found.filter((conflict) => !expected.includes(conflict));
  if (missing.length === 0 && invented.length === 0 && found.length === expected.length) return;
  throw new Error(
    `${found.length} conflicts were found where ${expected.length} were put in; missing: ${missing.slice(0, 5).join(', ') || 'none'}; invented: ${invented.slice(0, 5).join(', ') || 'none'}`,
  );
}
