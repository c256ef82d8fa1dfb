/** Pure. Of what several say of one thing, the members of which none says otherwise: nobody knows whom to believe about the rest. */
export function agreed<S extends object>(said: readonly S[]): Partial<S> {
  const all: Partial<S> = {};
  for (const member of said.flatMap((one) => Object.keys(one) as (keyof S)[])) {
    const values = new Set(said.flatMap((one) => (one[member] === undefined ? [] : [one[member]])));
    const [value] = values;
    if (values.size === 1 && value !== undefined) all[member] = value;
  }
  return all;
}
