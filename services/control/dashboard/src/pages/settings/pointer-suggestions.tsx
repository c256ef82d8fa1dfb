import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { useCall } from '../../rpc/use-call.ts';

interface PointerSuggestionsProps {
  readonly id: string;
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string | undefined;
}

const sample = 20;
const mostDepth = 3;
const longest = 200;

/** The fields that some real records have, for controls that name a field. */
export function PointerSuggestions({ id, customerId, integrationId, entityType }: PointerSuggestionsProps) {
  const { data } = useCall(
    'records.list.v1',
    { customerId, integrationId, entityType: entityType ?? '', values: true, limit: sample },
    { isWanted: entityType !== undefined },
  );
  const pointers =
    entityType === undefined ? [] : (data?.records.flatMap(({ ours }) => pointersIn(ours)) ?? []);
  return (
    <datalist id={id}>
      {[...new Set(pointers)]
        .filter(isPlain)
        .toSorted()
        .map((pointer) => (
          <option key={pointer}>{pointer}</option>
        ))}
    </datalist>
  );
}

/** One that cannot be shown as it is cannot be chosen from a list either. */
function isPlain(pointer: string): boolean {
  return toPlainText(pointer, longest) === pointer;
}

function pointersIn(value: JsonValue | undefined, pointer = '', depth = 0): readonly string[] {
  const own = pointer === '' ? [] : [pointer];
  if (depth === mostDepth) return own;
  if (Array.isArray(value))
    return [...own, ...value.flatMap((each) => pointersIn(each, `${pointer}/*`, depth + 1))];
  if (!isJsonObject(value)) return own;
  const below = Object.entries(value).flatMap(([name, member]) =>
    pointersIn(member, `${pointer}/${escapeName(name)}`, depth + 1),
  );
  return [...own, ...below];
}

/** As settings write names: `*` stands for any, so a real one is `~2`. */
function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('*', '~2');
}
