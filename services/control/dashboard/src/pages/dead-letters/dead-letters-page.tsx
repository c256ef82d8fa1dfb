import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import type { ParamsOf, ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { Page } from '../../shell/page.tsx';
import { DeadLetterQueue } from './dead-letter-queue.tsx';

const route = getRouteApi('/dead-letters');

export type DeadLetter = ResultOf<'deadLetters.list.v1'>['deadLetters'][number];

/** What was given up after its last attempt, queue by queue. */
export function DeadLettersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // An address may say anything; control refuses what is no queue, and names those there are.
  const { data, error, refetch, isFetching } = useCall('deadLetters.list.v1', {
    ...(search as ParamsOf<'deadLetters.list.v1'>),
    limit: 200,
  });
  const letters = data?.deadLetters ?? [];
  const places = Map.groupBy(letters, ({ kind, queue }) => `${kind} ${queue}`);
  const isNarrowed = search.kind !== undefined || search.queue !== undefined;

  return (
    <Page
      title="Dead letters"
      actions={
        <Button isBusy={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      }
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="dead letters" /> : null}
      {data === undefined ? null : <Verdict letters={letters} isTruncated={data.truncated} />}
      {isNarrowed ? (
        <p>
          Only {search.kind === undefined ? 'those' : `${search.kind}s`}
          {search.queue === undefined ? '' : ` of ${search.queue}`}.{' '}
          <Button kind="quiet" onClick={() => void navigate({ search: {} })}>
            All dead letters
          </Button>
        </p>
      ) : null}
      {[...places].map(([name, group]) => (
        <DeadLetterQueue key={name} letters={group} />
      ))}
    </Page>
  );
}

function Verdict({
  letters,
  isTruncated,
}: {
  readonly letters: readonly DeadLetter[];
  readonly isTruncated: boolean;
}) {
  if (letters.length === 0) {
    return (
      <Callout tone="good" title="Nothing was given up">
        <p>What a queue or the change bus cannot deliver after its last attempt is listed here.</p>
      </Callout>
    );
  }
  const messages = letters.filter(({ kind }) => kind === 'message').length;
  const tasks = letters.length - messages;
  const parts = [count(tasks, 'task'), count(messages, 'message')].filter((part) => part !== '');
  return (
    <Callout tone="bad" title={`${isTruncated ? 'More than ' : ''}${parts.join(' and ')} given up`}>
      {tasks > 0 ? <p>A task is a part of a run, or of a night: what it was to do is not done.</p> : null}
      {messages > 0 ? <p>A message carries changes that have not reached the warehouse.</p> : null}
      <p>
        See what each died of and mend that first. Then replay it: it has all of its attempts anew. Discard
        what nobody needs any more.
      </p>
    </Callout>
  );
}

function count(number: number, what: string): string {
  return number === 0 ? '' : `${number} ${what}${number === 1 ? '' : 's'}`;
}
