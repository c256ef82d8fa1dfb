import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { FieldGroup, Tick } from '../../parts/field.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { useAnchor } from '../../parts/use-anchor.ts';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import type { Integration, Vendor } from './integration.ts';
import styles from './integration-page.module.css';
import { PauseButton } from './pause-button.tsx';

interface SyncCardProps {
  readonly integration: Integration;
  /** Undefined: not known (yet), so only everything can be asked for. */
  readonly vendor: Vendor | undefined;
}

/** Starts a run and goes to its report, which shows it live; of a paused integration it says what to do first. */
export function SyncCard(props: SyncCardProps) {
  const { integration } = props;
  if (integration.state === 'active') return <SyncForm {...props} />;
  return (
    <Card title="Sync now">
      <p>It is paused, and no run starts until it is resumed.</p>
      <PauseButton integration={integration} />
    </Card>
  );
}

function SyncForm({ integration, vendor }: SyncCardProps) {
  const { customerId, integrationId, settings, lastRun } = integration;
  const navigate = useNavigate();
  const place = useAnchor<HTMLFormElement>('sync');
  const start = useAction('runs.start.v1');
  const [family, setFamily] = useState<Vendor['families'][number]['family']>();
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  // Whoever has never synced looks first.
  const [dryRun, setDryRun] = useState(lastRun === null);
  const [full, setFull] = useState(false);

  const offered = vendor?.families.find((each) => each.family === family)?.entityTypes ?? [];
  const synced = offered.filter((name) => !settings.disabledEntityTypes.some((each) => each === name));
  const wanted = synced.filter((name) => !leftOut.includes(name));

  function submit(event: FormEvent) {
    event.preventDefault();
    const entityTypes = wanted.length === synced.length ? {} : { entityTypes: [...wanted] };
    const what = family === undefined ? {} : { family, ...entityTypes };
    start.mutate(
      { customerId, integrationId, dryRun, full, ...what },
      {
        onSuccess({ runId }) {
          notify(dryRun ? 'A dry run has begun.' : 'A run has begun.');
          void navigate({ to: '/customers/$customerId/runs/$runId', params: { customerId, runId } });
        },
      },
    );
  }

  return (
    <Card title="Sync now">
      <form id="sync" ref={place} onSubmit={submit} className={`${styles.form} ${styles.sync}`}>
        {vendor === undefined ? null : (
          <FieldGroup legend="What">
            <div className={styles.choices}>
              {[undefined, ...vendor.families.map((each) => each.family)].map((each) => (
                <label key={each ?? ''} className={styles.choice}>
                  <input
                    type="radio"
                    name="family"
                    checked={family === each}
                    onChange={() => {
                      setFamily(each);
                      setLeftOut([]);
                    }}
                  />
                  {each ?? 'everything, as at night'}
                </label>
              ))}
            </div>
          </FieldGroup>
        )}
        {synced.length < 2 ? null : (
          <FieldGroup legend={`Entity types of ${family ?? ''}`}>
            <div className={styles.choices}>
              {synced.map((name) => (
                <Tick
                  key={name}
                  label={name}
                  isChecked={!leftOut.includes(name)}
                  onChange={(isWanted) =>
                    setLeftOut(isWanted ? leftOut.filter((each) => each !== name) : [...leftOut, name])
                  }
                />
              ))}
            </div>
          </FieldGroup>
        )}
        <Tick
          label="Dry run"
          hint="Fetches and plans, shows what would change, and changes nothing on either side"
          isChecked={dryRun}
          onChange={setDryRun}
        />
        <Tick
          label="Fetch everything"
          hint="Also where the vendor tells what has changed since: slower, and finds what it forgot to tell"
          isChecked={full}
          onChange={setFull}
        />
        {start.error === null ? null : <LoadFailure error={start.error} />}
        <div>
          <Button
            type="submit"
            kind="main"
            isBusy={start.isPending}
            disabled={family !== undefined && wanted.length === 0}
          >
            {dryRun ? 'Start a dry run' : 'Sync now'}
          </Button>
        </div>
      </form>
    </Card>
  );
}
