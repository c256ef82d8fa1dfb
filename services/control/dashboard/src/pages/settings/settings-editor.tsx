import { isFailure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { useMutation } from '@tanstack/react-query';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { ChangedMeanwhile } from '../../parts/changed-meanwhile.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { issuesBelow, issuesOf } from '../../parts/issues.ts';
import { LastChange } from '../../parts/last-change.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { newerVersion } from '../../parts/newer-version.ts';
import { call, type ParamsOf } from '../../rpc/call.ts';
import { useAction } from '../../rpc/use-call.ts';
import type { DraftProps, Stored, Vendor } from './draft.ts';
import { EntityTypesCard } from './entity-types-card.tsx';
import { getAt, setAt } from './json-at.ts';
import { LoosenedDialog } from './loosened-dialog.tsx';
import { Remarks, remarksForPeople } from './remarks.tsx';
import { RulesCard } from './rules-card.tsx';
import { RunsCard } from './runs-card.tsx';
import { freedRuns, type LimitsTried } from './say-limits.ts';
import styles from './settings-page.module.css';
import { TryCard } from './try-card.tsx';
import { WholeJson } from './whole-json.tsx';

interface SettingsEditorProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly stored: Stored;
  readonly vendor: Vendor;
  readonly entityType: string | undefined;
  readonly mayChange: boolean;
  /** Begins anew with what is stored now. */
  readonly onReload: () => void;
}

/** What waits for a word on its limits. */
interface Asked {
  readonly tried: LimitsTried;
  readonly settings: JsonObject;
  readonly version: number;
}

type Limits = ParamsOf<'settings.tryLimits.v1'>['limits'];

/** All settings of an integration: forms for what is common, JSON for the rest, a trial before it holds. */
export function SettingsEditor(props: SettingsEditorProps) {
  const { customerId, integrationId, stored, vendor, entityType, mayChange, onReload } = props;
  const navigate = useNavigate();
  const [base, setBase] = useState({ version: stored.version, chosen: stored.chosen });
  const [draft, setDraft] = useState<JsonObject>(stored.chosen);
  // Forms keep what is being typed; where the settings are replaced whole, they begin anew.
  const [revision, setRevision] = useState(0);
  const [tryError, setTryError] = useState<unknown>(null);
  const [limitsError, setLimitsError] = useState<unknown>(null);
  const put = useAction('settings.put.v1');
  const trial = useMutation({
    mutationFn: (limits: JsonObject) =>
      call('settings.tryLimits.v1', { customerId, integrationId, limits: limits as Limits }),
  });
  const [asked, setAsked] = useState<Asked | null>(null);
  const isSaving = put.isPending || trial.isPending;
  const remarks = remarksForPeople(put.data?.remarks ?? []);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(base.chosen);
  const newer = newerVersion({
    seen: base.version,
    stored: stored.version,
    error: put.error,
    sending: put.isPending ? put.variables?.ifVersion : undefined,
  });
  const issues = [
    ...issuesBelow([...issuesOf(put.error), ...issuesOf(tryError)], '/settings'),
    ...issuesOf(limitsError),
  ];

  function replace(next: JsonObject) {
    setDraft(next);
    setRevision(revision + 1);
  }

  /** Limits that let through more than the stored ones are asked about first. */
  function save(version: number) {
    const limits = getAt(draft, ['limits']) ?? {};
    const isAsBefore = JSON.stringify(limits) === JSON.stringify(getAt(base.chosen, ['limits']) ?? {});
    // Control says what is wrong with what is no limits at all.
    if (isAsBefore || !isJsonObject(limits)) return store(draft, version);
    trial.mutate(limits, {
      onSuccess(tried) {
        if (freedRuns(tried).count > 0) setAsked({ tried, settings: draft, version });
        else store(draft, version);
      },
      onError(error) {
        if (issuesOf(error).length > 0) store(draft, version);
      },
    });
  }

  function store(settings: JsonObject, version: number) {
    put.mutate(
      // Control says what is wrong with it, member by member.
      { customerId, integrationId, settings, ifVersion: version },
      {
        onSuccess(saved) {
          setBase({ version: saved.version, chosen: settings });
        },
      },
    );
  }

  function open(next: string | undefined) {
    void navigate({
      to: '/customers/$customerId/integrations/$integrationId/settings',
      params: { customerId, integrationId },
      search: next === undefined ? {} : { entityType: next },
      resetScroll: false,
      replace: true,
    });
  }

  const shared: DraftProps = {
    draft,
    defaults: stored.defaults,
    issues,
    mayChange,
    choose: (path, value) => setDraft((before) => setAt(before, path, value)),
  };
  return (
    <>
      <LeaveGuard isDirty={isDirty} />
      {asked === null ? null : (
        <LoosenedDialog
          tried={asked.tried}
          onCancel={() => setAsked(null)}
          onConfirm={() => {
            setAsked(null);
            store(asked.settings, asked.version);
          }}
        />
      )}
      <EntityTypesCard {...shared} vendor={vendor} onOpen={open} />
      <RulesCard
        {...shared}
        key={`rules ${revision}`}
        customerId={customerId}
        integrationId={integrationId}
        vendor={vendor}
        entityType={entityType}
        onOpen={open}
        onLimitsError={setLimitsError}
      />
      <RunsCard {...shared} />
      <WholeJson key={`json ${revision}`} draft={draft} mayChange={mayChange} onApply={replace} />
      <TryCard
        customerId={customerId}
        integrationId={integrationId}
        draft={draft}
        entityTypes={vendor.entityTypes}
        entityType={entityType ?? vendor.entityTypes[0] ?? ''}
        onOpen={open}
        onError={setTryError}
      />
      <section aria-label="Save" className={styles.save}>
        {put.error === null || isFailure(put.error, 'stale_version') ? null : (
          <LoadFailure error={put.error} />
        )}
        {trial.error === null || issuesOf(trial.error).length > 0 ? null : (
          <LoadFailure error={trial.error} />
        )}
        {remarks.length === 0 || isDirty ? null : (
          <Callout tone="warn" title="Saved, but look at this">
            <Remarks remarks={remarks} />
          </Callout>
        )}
        {mayChange ? (
          <div className={styles.saving}>
            <span role="status">
              {isDirty ? 'There are changes that are not saved.' : put.isSuccess ? saved : 'All is saved.'}
            </span>
            <div className={styles.buttons}>
              <Button
                disabled={!isDirty}
                onClick={() => {
                  put.reset();
                  trial.reset();
                  replace(base.chosen);
                }}
              >
                Discard
              </Button>
              <Button kind="main" disabled={!isDirty} isBusy={isSaving} onClick={() => save(base.version)}>
                Save the settings
              </Button>
            </div>
          </div>
        ) : null}
        {/* After the button that was refused: the Tab key goes on to it. */}
        {newer === undefined ? null : (
          <ChangedMeanwhile
            what="the settings"
            isDirty={isDirty}
            isBusy={isSaving}
            onShow={onReload}
            onSave={() => save(newer)}
          >
            <LastChange customerId={customerId} integrationId={integrationId} matter="settings" />
          </ChangedMeanwhile>
        )}
      </section>
    </>
  );
}

const saved = 'Saved. Runs that are asked for from now on follow these settings.';

/** Asks before what is not saved is lost. */
function LeaveGuard({ isDirty }: { readonly isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <ConfirmDialog
      title="Leave without saving?"
      confirm="Leave"
      isDanger
      isBusy={false}
      error={null}
      onConfirm={blocker.proceed}
      onCancel={blocker.reset}
    >
      <p>What you have changed here is lost then.</p>
    </ConfirmDialog>
  );
}
