import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useCustomer } from '../../parts/use-customer.ts';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import { type Choice, type Conflict, isOpen, mostDecisions, nameConflict, sayChoice } from './conflict.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { ConflictFilters, toListParams } from './conflict-filters.tsx';
import { ConflictTable } from './conflict-table.tsx';
import styles from './conflicts-page.module.css';
import { DecidedCallout } from './decided-callout.tsx';
import { choose, forget, useDrafts } from './drafts.ts';
import { KeysDialog, readHasLetters } from './keys-dialog.tsx';
import { type Resolved, ReviewDialog, sayConflicts } from './review-dialog.tsx';

const route = getRouteApi('/customers/$customerId/conflicts');
const noConflicts: readonly Conflict[] = [];

/** Fields that both sides changed differently, and who is right. */
export function ConflictsPage() {
  const { customerId } = route.useParams();
  const search = route.useSearch();
  const { name } = useCustomer(customerId);
  const mayChange = useMayChange();
  const drafts = useDrafts(customerId);
  const { data, error, refetch } = useCall('conflicts.list.v1', toListParams(customerId, search));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<Conflict>();
  const [shown, setShown] = useState<'keys' | 'review'>();
  const [hasLetters, setHasLetters] = useState(readHasLetters);
  const [resolved, setResolved] = useState<Resolved>();
  const [announced, announce] = useState('');

  const conflicts = data?.conflicts ?? noConflicts;
  const decidable = mayChange ? conflicts.filter(isOpen) : noConflicts;
  const chosenHere = decidable.filter(({ conflictId }) => selected.has(conflictId));
  const hasAll = decidable.length > 0 && chosenHere.length === decidable.length;

  function select(conflict: Conflict): void {
    if (!isOpen(conflict)) return;
    const next = new Set(selected);
    if (!next.delete(conflict.conflictId)) next.add(conflict.conflictId);
    setSelected(next);
    announce(`${next.has(conflict.conflictId) ? 'Selected' : 'Not selected'}; ${next.size} in all`);
  }

  /** For all that are selected, where some are; afterwards none is, so that the next choice is for one again. */
  function chooseFor(conflict: Conflict | undefined, choice: Choice): void {
    const meant = chosenHere.length > 0 ? chosenHere : conflict && isOpen(conflict) ? [conflict] : [];
    const [first] = meant;
    if (first === undefined) return;
    if (!choose(customerId, meant, choice)) {
      announce(`No more than ${mostDecisions} are decided at a time. Decide those that are chosen first.`);
      setShown('review');
      return;
    }
    setSelected(new Set());
    announce(
      `${sayChoice(choice)}: ${meant.length === 1 ? nameConflict(first) : sayConflicts(meant.length)}`,
    );
  }

  return (
    <PageOfCustomer
      customerId={customerId}
      title={`Conflicts of ${name}`}
      actions={<Button onClick={() => setShown('keys')}>Keys (?)</Button>}
    >
      {resolved === undefined ? null : <DecidedCallout customerId={customerId} resolved={resolved} />}
      {conflicts.length === 0 ? null : <p>{sayWhatIsHere(conflicts, mayChange)}</p>}
      <ConflictFilters customerId={customerId} search={search} />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="conflicts" /> : null}
      {data !== undefined && conflicts.length === 0 ? <NothingToDo isLast={data.next === null} /> : null}
      {conflicts.length === 0 ? null : (
        <>
          <ConflictTable
            customerId={customerId}
            conflicts={conflicts}
            drafts={drafts}
            selected={selected}
            mayChange={mayChange}
            hasLetters={hasLetters}
            selectAll={
              decidable.length === 0 ? null : (
                <label>
                  <input
                    type="checkbox"
                    checked={hasAll}
                    onChange={() =>
                      setSelected(new Set(hasAll ? [] : decidable.map(({ conflictId }) => conflictId)))
                    }
                  />{' '}
                  <span className={styles.all}>Select all of this page</span>
                </label>
              )
            }
            onSelect={select}
            onChoose={chooseFor}
            onOpen={setOpened}
            onReview={() => drafts.size > 0 && setShown('review')}
            onShowKeys={() => setShown('keys')}
          />
        </>
      )}
      <Pager after={search.after} next={data?.next ?? null} />
      {drafts.size === 0 && chosenHere.length === 0 ? null : (
        <div role="region" aria-label="What is chosen" className={styles.bar}>
          {chosenHere.length === 0 ? null : (
            <>
              <span>{chosenHere.length} selected:</span>
              <Button onClick={() => chooseFor(undefined, 'ours')}>Take ours</Button>
              <Button onClick={() => chooseFor(undefined, 'theirs')}>Take theirs</Button>
              <Button kind="quiet" onClick={() => setSelected(new Set())}>
                Select none
              </Button>
            </>
          )}
          {drafts.size === 0 ? null : (
            <>
              <span>{drafts.size} chosen, not decided yet:</span>
              <Button kind="main" onClick={() => setShown('review')}>
                Review and decide …
              </Button>
              <Button kind="quiet" onClick={() => forget(customerId, drafts.keys())}>
                Forget {drafts.size === 1 ? 'it' : 'them'}
              </Button>
            </>
          )}
        </div>
      )}
      <p role="status" className="visually-hidden">
        {announced}
      </p>
      {opened === undefined ? null : (
        <ConflictDialog
          customerId={customerId}
          conflict={opened}
          choice={drafts.get(opened.conflictId)?.choice}
          mayChange={mayChange}
          onChoose={(choice) => {
            if (choose(customerId, [opened], choice))
              announce(`${sayChoice(choice)}: ${nameConflict(opened)}`);
            setOpened(undefined);
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
      {shown === 'keys' ? (
        <KeysDialog
          mayChange={mayChange}
          hasLetters={hasLetters}
          onChange={setHasLetters}
          onClose={() => setShown(undefined)}
        />
      ) : null}
      {shown === 'review' ? (
        <ReviewDialog
          customerId={customerId}
          drafts={drafts}
          onDecided={(done) => {
            setShown(undefined);
            setSelected(new Set());
            setResolved(done);
          }}
          onClose={() => setShown(undefined)}
        />
      ) : null}
    </PageOfCustomer>
  );
}

function NothingToDo({ isLast }: { readonly isLast: boolean }) {
  return isLast ? (
    <Callout tone="good" title="No conflict here">
      <p>
        Where both sides change a field differently and the settings leave it to a person, it is listed here.
      </p>
    </Callout>
  ) : (
    <p>None on this page; there may be some on the next.</p>
  );
}

function sayWhatIsHere(conflicts: readonly Conflict[], mayChange: boolean): string {
  const open = conflicts.filter(({ state }) => state === 'open');
  if (open.length === 0) return 'None of these waits for a person.';
  const records = new Set(open.map(({ entityType, recordId }) => `${entityType} ${recordId}`)).size;
  const held = `Of each such record, nothing is merged until all of its conflicts are decided; the rest of the sync goes on.`;
  const who = mayChange ? '' : ' Deciding them takes the role admin.';
  return `${open.length === 1 ? 'One field waits' : `${open.length} fields wait`} here for a decision, in ${records === 1 ? 'one record' : `${records} records`}. ${held}${who}`;
}
