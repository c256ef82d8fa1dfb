import { Failure } from '@flotilla/substrate/failure';

/** Ways in which real providers depart from the standard, and what each is. */
export const quirks = {
  'no-total-count': 'lists lack X-Total-Count',
  'no-link': 'lists lack the Link header',
  'link-http': 'Link names an internal http address, as behind a proxy',
  'link-bare': 'Link has its URLs without angle brackets, as GG4L sends it',
  'json-booleans': 'true and false are JSON booleans instead of the texts of the standard',
  'cap-limit=100': 'no page has more than 100 records, whatever the limit says',
  'reorder-pages': 'without sort, every list request sees another order, so rows move between pages',
  'round-scores': 'scores that are written are kept as whole numbers, with the answer of success',
  'delete-marks': 'DELETE keeps the object, marked tobedeleted',
} as const;

export type Quirk = keyof typeof quirks;

/** Pure. Throws `config_invalid` naming what is no quirk. */
export function parseQuirks(names: readonly string[]): ReadonlySet<Quirk> {
  const unknown = names.find((name) => !Object.hasOwn(quirks, name));
  if (unknown === undefined) return new Set(names as readonly Quirk[]);
  throw new Failure('config_invalid', 'Unknown quirk', {
    data: { found: unknown, known: Object.keys(quirks) },
  });
}
