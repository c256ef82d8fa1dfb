import { useId, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import styles from './dead-letter-queue.module.css';
import { DeadLetterTable } from './dead-letter-table.tsx';
import type { DeadLetter } from './dead-letters-page.tsx';

/** Control takes no more in one call. */
const mostAtOnce = 100;

/** Those of one queue or subscription, and what can be done with them. */
export function DeadLetterQueue({ letters }: { readonly letters: readonly DeadLetter[] }) {
  const mayChange = useMayChange();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<'replay' | 'discard'>();
  const replay = useAction('deadLetters.replay.v1');
  const discard = useAction('deadLetters.discard.v1');
  const hint = useId();
  const [first] = letters;
  if (first === undefined) return null;
  const { kind, queue } = first;
  const ids = letters.map(({ id }) => id).filter((id) => ticked.has(id));
  const hasTooMany = ids.length > mostAtOnce;

  function toggle(chosen: readonly string[], isTicked: boolean): void {
    const next = new Set(ticked);
    for (const id of chosen) {
      if (isTicked) next.add(id);
      else next.delete(id);
    }
    setTicked(next);
  }

  function ask(what: 'replay' | 'discard'): void {
    replay.reset();
    discard.reset();
    setAsked(what);
  }

  async function act(reason: string | undefined): Promise<void> {
    const params = { kind, queue, ids, ...(reason === undefined ? {} : { reason }) };
    try {
      // Once it is done the page knows of it, and where none is left this card is gone.
      notify(
        asked === 'replay'
          ? sayReplayed(await replay.mutateAsync(params))
          : sayDiscarded(await discard.mutateAsync(params)),
      );
    } catch {
      // The dialog shows it.
      return;
    }
    setAsked(undefined);
    setTicked(new Set());
  }

  return (
    <Card title={kind === 'task' ? `Tasks of the queue ${queue}` : `Messages of the subscription ${queue}`}>
      {mayChange ? (
        <div className={styles.actions}>
          <Button
            disabled={ids.length === 0 || hasTooMany}
            aria-describedby={hint}
            onClick={() => ask('replay')}
          >
            Replay {ids.length === 0 ? '' : ids.length}
          </Button>
          <Button
            kind="danger"
            disabled={ids.length === 0 || hasTooMany}
            aria-describedby={hint}
            onClick={() => ask('discard')}
          >
            Discard {ids.length === 0 ? '' : ids.length}
          </Button>
          <span id={hint} className={styles.hint}>
            {hasTooMany
              ? `No more than ${mostAtOnce} at a time.`
              : ids.length === 0
                ? 'Choose some below.'
                : ''}
          </span>
        </div>
      ) : null}
      <DeadLetterTable letters={letters} ticked={ticked} onTick={mayChange ? toggle : undefined} />
      {asked === undefined ? null : (
        <ConfirmDialog
          title={`${asked === 'replay' ? 'Replay' : 'Discard'} ${ids.length} of ${queue}?`}
          confirm={asked === 'replay' ? 'Replay' : 'Discard for good'}
          isDanger={asked === 'discard'}
          reason="optional"
          isBusy={replay.isPending || discard.isPending}
          error={replay.error ?? discard.error}
          onConfirm={(reason) => void act(reason)}
          onCancel={() => setAsked(undefined)}
        >
          <p>{explain(asked, kind)}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function explain(asked: 'replay' | 'discard', kind: DeadLetter['kind']): string {
  if (asked === 'replay') return 'Each is sent again now, with all of its attempts anew.';
  return kind === 'task'
    ? 'What these tasks were to do is never done by them. A run that they belonged to may have to be started anew.'
    : 'The changes in these messages never reach the warehouse. This cannot be taken back.';
}

function sayReplayed({
  replayed,
  missing,
  overtaken,
}: {
  readonly replayed: readonly string[];
  readonly missing: readonly string[];
  readonly overtaken: readonly string[];
}): string {
  const parts = [
    `Replayed: ${replayed.length}.`,
    missing.length === 0 ? '' : `${missing.length} had been dealt with before.`,
    overtaken.length === 0
      ? ''
      : `${overtaken.length} stay, since their work was queued anew meanwhile: discard them.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function sayDiscarded({
  discarded,
  missing,
}: {
  readonly discarded: readonly string[];
  readonly missing: readonly string[];
}): string {
  const before = missing.length === 0 ? '' : ` ${missing.length} had been dealt with before.`;
  return `Discarded: ${discarded.length}.${before}`;
}
