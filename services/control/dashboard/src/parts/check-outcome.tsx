import type { JsonObject } from '@flotilla/substrate/json/json-value';
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
          <Answer data={failure?.data ?? {}} />
        </Callout>
      )}
    </div>
  );
}

/** What the vendor said, word for word; what else is known, for whoever asks the vendor. */
function Answer({ data }: { readonly data: JsonObject }) {
  const { issues: _, problem: __, status, excerpt, ...facts } = data;
  const known = Object.entries(facts);
  return (
    <>
      {excerpt === undefined && status === undefined ? null : (
        <p>
          The vendor's answer{typeof status === 'number' ? `, status ${status}` : ''}:{' '}
          <VendorText value={excerpt} absent="no text" most={1_000} isVerbatim />
        </p>
      )}
      {known.length === 0 ? null : (
        <details>
          <summary>What else is known</summary>
          {known.map(([name, value]) => (
            <p key={name}>
              {name}: <VendorText value={value} />
            </p>
          ))}
        </details>
      )}
    </>
  );
}
