/** Pure. An address's search with what was chosen, from the beginning of the list: another choice has other pages. What is empty is not said. */
export function chooseInSearch<Search extends object>(before: Search, chosen: Partial<Search>): Search {
  return Object.fromEntries(
    Object.entries({ ...before, after: '', ...chosen }).filter(([, value]) => value !== ''),
  ) as Search;
}
