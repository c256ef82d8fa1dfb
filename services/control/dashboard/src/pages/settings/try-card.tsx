import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { sayCount } from '../../parts/say-count.ts';
import type { ResultOf } from '../../rpc/call.ts';
import { useAction } from '../../rpc/use-call.ts';
import { Remarks, remarksForPeople } from './remarks.tsx';
import { sayTried } from './say-limits.ts';
import styles from './settings-page.module.css';
import { TriedRecord } from './tried-record.tsx';

interface TryCardProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly draft: JsonObject;
  readonly entityTypes: readonly string[];
  readonly entityType: string;
  readonly onOpen: (entityType: string) => void;
  /** Told what control says against the settings, null where nothing. */
  readonly onError: (error: unknown) => void;
}

const shownRecords = 20;

/** What the settings would make of real records, beside what the stored ones do. Nothing is written by it. */
export function TryCard(props: TryCardProps) {
  const { customerId, integrationId, draft, entityTypes, entityType, onOpen, onError } = props;
  const attempt = useAction('settings.try.v1');
  const [ids, setIds] = useState('');
  const tried = attempt.data === undefined ? undefined : attempt.variables;
  const isOld = tried !== undefined && (tried.settings !== draft || tried.entityType !== entityType);

  function run() {
    const recordIds = ids
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    attempt.mutate(
      {
        customerId,
        integrationId,
        entityType,
        settings: draft,
        ...(recordIds.length === 0 ? {} : { recordIds }),
      },
      { onSettled: (_, error) => onError(error) },
    );
  }

  return (
    <Card title="Try it on real records">
      <p className={styles.soft}>
        Merges records in conflict, edited or lately changed under the stored settings and under these.
        Nothing is written, and the vendor is not asked. Safety limits are of whole runs: which of the last
        ones they would have held stands with them.
      </p>
      <div className={styles.row}>
        <Field label="Entity type to try">
          {(control) => (
            <select {...control} value={entityType} onChange={({ target }) => onOpen(target.value)}>
              {entityTypes.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="On these records only (may be left out)" hint="Ids, one a line">
          {(control) => (
            <textarea
              {...control}
              rows={2}
              spellCheck={false}
              value={ids}
              onChange={({ target }) => setIds(target.value)}
            />
          )}
        </Field>
      </div>
      <div>
        <Button onClick={run} isBusy={attempt.isPending}>
          Try these settings
        </Button>
      </div>
      {attempt.error === null ? null : <LoadFailure error={attempt.error} />}
      {attempt.data === undefined || tried === undefined ? null : (
        <Outcome
          customerId={customerId}
          integrationId={integrationId}
          entityType={tried.entityType}
          isOld={isOld}
          result={attempt.data}
        />
      )}
    </Card>
  );
}

interface OutcomeProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  /** Whether other settings are on the page by now. */
  readonly isOld: boolean;
  readonly result: ResultOf<'settings.try.v1'>;
}

function Outcome({ isOld, result, ...scope }: OutcomeProps) {
  const { sampled, differing, held, records, missing, unclear, limits, remarks } = result;
  const shown = records.filter(({ differs }) => differs).slice(0, shownRecords);
  const title =
    sampled === 0
      ? `No record of ${scope.entityType} to try it on`
      : differing === 0
        ? `All ${sayCount(sampled, 'record')} come out as they do now`
        : `${differing.toLocaleString()} of ${sayCount(sampled, 'record')} would come out differently`;
  return (
    <>
      <Callout tone={differing === 0 ? 'calm' : 'warn'} title={title} isAlert>
        {isOld ? <p>The settings above have been changed since; try them again.</p> : null}
        {sampled === 0 ? null : (
          <p>
            Waiting for a person: {held.stored.toLocaleString()} under the stored settings,{' '}
            {held.tried.toLocaleString()} under these.
          </p>
        )}
        {missing.length === 0 ? null : <p>There are no records with the ids {missing.join(', ')}.</p>}
        {unclear.length === 0 ? null : (
          <p>
            Of {sayCount(unclear.length, 'record')} the next run only can tell: their conflicts do not fit any
            more.
          </p>
        )}
        <p>Safety limits: {sayTried(limits)}</p>
        <Remarks remarks={remarksForPeople(remarks)} />
      </Callout>
      {shown.map((record) => (
        <TriedRecord key={record.recordId} {...scope} record={record} />
      ))}
      {differing > shown.length ? <p>And {(differing - shown.length).toLocaleString()} more.</p> : null}
    </>
  );
}
