import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ResultOf } from '../rpc/call.ts';
import { Callout } from './callout.tsx';
import { VendorText } from './vendor-text.tsx';

export type Verdict = ResultOf<'integrations.check.v1'>;

interface CheckOutcomeProps {
  readonly verdict: Verdict;
  /** What one does next where it works. */
  readonly next?: ReactNode;
}

/** What the vendor said to the stored credential; where it refuses, what to do. */
export function CheckOutcome({ verdict: { ok, failure, advice }, next }: CheckOutcomeProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.focus();
  }, []);
  const { issues: _, ...data } = failure?.data ?? {};
  return (
    <div ref={place} tabIndex={-1}>
      {ok ? (
        <Callout tone="good" title="The connection works">
          <p>The vendor has answered to the stored credential.</p>
          {next}
        </Callout>
      ) : (
        <Callout tone="bad" title={failure?.message ?? 'The connection does not work'} isAlert>
          <p>{advice}</p>
          {Object.entries(data).map(([name, value]) => (
            <p key={name}>
              {name}: <VendorText value={value as JsonValue} />
            </p>
          ))}
        </Callout>
      )}
    </div>
  );
}
