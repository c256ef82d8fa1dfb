/** The one that is marked as primary or preferred, else the only one; undefined where it is not said which counts. */
export function preferredOf<T extends { readonly preference?: string | undefined }>(
  list: readonly T[] | undefined,
): T | undefined {
  const marked = list?.filter(({ preference }) => preference !== undefined);
  return [marked, list].find((choices) => choices?.length === 1)?.[0];
}
