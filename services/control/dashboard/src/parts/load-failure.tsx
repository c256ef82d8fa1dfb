import { isFailure } from '@flotilla/substrate/failure';
import { factsOf } from '@flotilla/substrate/failure/codes';
import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { Button } from './button.tsx';
import { Callout } from './callout.tsx';
import { VendorText } from './vendor-text.tsx';

interface LoadFailureProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, what is known about it, and what to do. */
export function LoadFailure({ error, onRetry }: LoadFailureProps) {
  const isOurs = isFailure(error);
  // Its advice stands above; whether a program may try again is no matter for people.
  const {
    traceId,
    issues,
    advice,
    retry: _,
    ...data
  }: Readonly<Record<string, unknown>> = isOurs ? error.data : {};
  const isEntry = isFailure(error, 'invalid_params') && toIssues(issues).length > 0;
  return (
    <Callout tone="bad" title={isEntry ? sayEntry(error.message) : isOurs ? error.message : broken} isAlert>
      {isEntry ? null : isOurs ? (
        <p>{typeof advice === 'string' ? advice : factsOf(error.code).advice}</p>
      ) : (
        <p>Load it again; if it happens again, tell whoever runs Flotilla.</p>
      )}
      {toIssues(issues).map(({ pointer, message: what }) => (
        <p key={pointer}>
          <code>{pointer}</code> <VendorText value={what} isVerbatim />
        </p>
      ))}
      {Object.entries(data).map(([name, value]) => (
        <p key={name}>
          {name}: <VendorText value={value as JsonValue} />
        </p>
      ))}
      {typeof traceId === 'string' ? (
        <p>
          Trace <code>{traceId}</code>
        </p>
      ) : null}
      {onRetry === undefined ? null : (
        <p>
          <Button onClick={onRetry}>Try again</Button>
        </p>
      )}
    </Callout>
  );
}

const broken = 'The page itself has failed';

/** JSON-RPC's own words are for programs. */
function sayEntry(message: string): string {
  return message === 'Invalid params' ? 'Something that was entered does not fit' : message;
}

function toIssues(issues: unknown): readonly { readonly pointer: string; readonly message: string }[] {
  return Array.isArray(issues) ? issues : [];
}
