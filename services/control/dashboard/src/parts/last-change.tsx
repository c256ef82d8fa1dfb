import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { Link } from '@tanstack/react-router';
import type { ResultOf } from '../rpc/call.ts';
import { useCall } from '../rpc/use-call.ts';
import { Moment } from './moment.tsx';
import { VendorText } from './vendor-text.tsx';

interface LastChangeProps {
  readonly customerId: string;
  readonly integrationId?: string;
  /** What the names of the methods begin with that change it: `settings`. */
  readonly matter: 'settings' | 'customers' | 'notifications';
  /** Where those methods change other things too: whether a field is of this one. */
  readonly isOfIt?: (pointer: string) => boolean;
}

type Entry = ResultOf<'audit.list.v1'>['entries'][number];

/** Who has changed something last, and when; the way to what exactly leaves the page as it is, with all that is typed there. */
export function LastChange({ customerId, integrationId, matter, isOfIt }: LastChangeProps) {
  const { data } = useCall('audit.list.v1', {
    customerId,
    action: matter,
    ...(integrationId === undefined ? {} : { integrationId }),
    limit: 20,
  });
  const last = data?.entries.find((entry) => isPut(entry) && (isOfIt === undefined || has(entry, isOfIt)));
  return (
    <p>
      {last === undefined ? null : (
        <>
          <VendorText value={last.actor} isVerbatim /> <VendorText value={last.words} isVerbatim />,{' '}
          <Moment at={last.at} />.{' '}
        </>
      )}
      <Link
        to="/customers/$customerId/audit"
        params={{ customerId }}
        search={{ action: matter }}
        target="_blank"
        rel="noopener"
      >
        What was changed (a new tab)
      </Link>
    </p>
  );
}

/** Test mails are noted too. */
function isPut({ action }: Entry): boolean {
  return action.includes('.put.');
}

function has({ detail: { fields } }: Entry, isOfIt: (pointer: string) => boolean): boolean {
  if (!Array.isArray(fields)) return false;
  return fields.some(
    (field: JsonValue) => isJsonObject(field) && typeof field.pointer === 'string' && isOfIt(field.pointer),
  );
}
