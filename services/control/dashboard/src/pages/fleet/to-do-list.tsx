import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Moment } from '../../parts/moment.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import { troubledTones } from './count-needs.ts';
import {
  callCustomers,
  countByLastRun,
  type Fleet,
  isSilent,
  sayNight,
  troubledStates,
  unwantedOmissions,
} from './fleet.ts';
import styles from './to-do-list.module.css';

interface ToDo {
  readonly key: string;
  readonly tone: Tone;
  /** One word. */
  readonly kind: string;
  readonly what: ReactNode;
}

type SayCustomer = (customerId: string) => ReactNode;

/** What does not mend itself, the worst first, each with the way to where it is dealt with. */
export function ToDoList({ fleet }: { readonly fleet: Fleet }) {
  const names = callCustomers(fleet);
  const say: SayCustomer = (customerId) => (
    <span title={customerId}>
      <VendorLine text={names.get(customerId) ?? customerId} />
    </span>
  );
  const toDos = [
    ...listSilent(fleet),
    ...listFailing(fleet, say),
    ...listLeftOut(fleet),
    ...listDead(fleet),
    ...listHeld(fleet, say),
    ...listConflicts(fleet, say),
    ...listPaused(fleet, say),
  ];
  if (toDos.length === 0) return <p>Nothing waits for anybody.</p>;
  return (
    <ul className={styles.list}>
      {toDos.map(({ key, tone, kind, what }) => (
        <li key={key}>
          <Badge tone={tone}>{kind}</Badge>
          <span>{what}</span>
        </li>
      ))}
    </ul>
  );
}

function listSilent({ services }: Fleet): readonly ToDo[] {
  return services.filter(isSilent).map(({ service, title, reason }) => ({
    key: service,
    tone: 'bad',
    kind: 'service',
    what: (
      <>
        {title}:{' '}
        {reason === null ? 'it does not answer as it should' : <VendorText value={reason} isVerbatim />}
      </>
    ),
  }));
}

const troubledShown = 5;

const notApplied = '; nothing of it was applied, and no run has gone well since';
const troubleWords = {
  failed: 'failed',
  partial: 'is partial',
  rejected: `was rejected${notApplied}`,
  expired: `expired undecided${notApplied}`,
} as const;

function listFailing({ services, nights }: Fleet, say: SayCustomer): readonly ToDo[] {
  const night = nights?.[0];
  return troubledStates.flatMap((state) => {
    const tone = troubledTones[state];
    const verb = troubleWords[state];
    const known = services.flatMap(({ integrations }) => integrations?.troubled ?? []);
    const shown = known.filter((one) => one.state === state).slice(0, troubledShown);
    const named = shown.map(({ customerId, integrationId, runId }) => ({
      key: runId,
      tone,
      kind: state,
      what: (
        <>
          <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
            The last run of {integrationId} of {say(customerId)}
          </Link>{' '}
          {verb}
        </>
      ),
    }));
    const more = countByLastRun(services, state) - shown.length;
    if (more <= 0) return named;
    const text = `${sayCount(more, shown.length === 0 ? 'integration' : 'more integration')}, whose last run ${verb}`;
    const wasAtNight = (night?.runs[state] ?? 0) > 0;
    const what =
      wasAtNight && night !== undefined ? (
        <Link to="/nights/$night" params={{ night: night.night }} search={{ state }}>
          {text}
        </Link>
      ) : (
        <Link to="/customers">{text}</Link>
      );
    return [...named, { key: state, tone, kind: state, what }];
  });
}

const omissionWords = {
  schedule_invalid: 'the schedule cannot be followed',
  vendor_not_deployed: 'the fleet has no service of the vendor',
} as const;

function listLeftOut({ nights }: Fleet): readonly ToDo[] {
  const night = nights?.[0];
  if (night === undefined) return [];
  return unwantedOmissions.flatMap((reason) => {
    const count = night.leftOut[reason] ?? 0;
    if (count === 0) return [];
    return {
      key: reason,
      tone: 'bad',
      kind: 'left out',
      what: (
        <Link to="/nights/$night" params={{ night: night.night }}>
          {sayCount(count, 'integration')} left out in the night of {sayNight(night.night)}:{' '}
          {omissionWords[reason]}
        </Link>
      ),
    };
  });
}

function listDead({ deadLetters }: Fleet): readonly ToDo[] {
  if (deadLetters === null || deadLetters === 0) return [];
  return [
    {
      key: 'dead letters',
      tone: 'bad',
      kind: 'given up',
      what: (
        <Link to="/dead-letters">{sayCount(deadLetters, 'dead letter')}, to be replayed or discarded</Link>
      ),
    },
  ];
}

function listHeld({ heldRuns }: Fleet, say: SayCustomer): readonly ToDo[] {
  if (heldRuns === null) return [];
  const { count, first } = heldRuns;
  const shown = first.map(({ customerId, integrationId, runId, heldSince, expiresAt }) => ({
    key: runId,
    tone: 'warn' as const,
    kind: 'held',
    what: (
      <>
        <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
          The run of {integrationId} of {say(customerId)}
        </Link>{' '}
        waits to be approved or rejected, since <Moment at={heldSince} />
        {expiresAt === null ? null : (
          <>
            ; it expires <Moment at={expiresAt} />
          </>
        )}
      </>
    ),
  }));
  const more = count - first.length;
  if (more === 0) return shown;
  return [...shown, { key: 'more held', tone: 'warn', kind: 'held', what: `${sayCount(more, 'more run')}` }];
}

function listConflicts({ openConflicts }: Fleet, say: SayCustomer): readonly ToDo[] {
  if (openConflicts === null) return [];
  const { count, customers } = openConflicts;
  const shown = customers.map(({ customerId, count: own }) => ({
    key: `conflicts ${customerId}`,
    tone: 'warn' as const,
    kind: 'conflicts',
    what: (
      <Link to="/customers/$customerId/conflicts" params={{ customerId }}>
        {sayCount(own, 'conflict')} of {say(customerId)}
      </Link>
    ),
  }));
  const more = count - customers.reduce((sum, { count: own }) => sum + own, 0);
  if (more === 0) return shown;
  const rest = `${sayCount(more, 'conflict')} of further customers`;
  return [...shown, { key: 'more conflicts', tone: 'warn', kind: 'conflicts', what: rest }];
}

const pausedShown = 5;

/** Nothing is wrong with these, and nothing comes from them either: a pause is easily forgotten. */
function listPaused({ services }: Fleet, say: SayCustomer): readonly ToDo[] {
  const known = services.flatMap(({ integrations }) => integrations ?? []);
  const shown = known.flatMap(({ firstPaused }) => firstPaused).slice(0, pausedShown);
  const more = known.reduce((sum, { paused }) => sum + paused, 0) - shown.length;
  if (shown.length === 0) return [];
  const what = (
    <>
      {shown.map(({ customerId, integrationId }, index) => (
        <Fragment key={`${customerId}/${integrationId}`}>
          {index === 0 ? null : ', '}
          <Link
            to="/customers/$customerId/integrations/$integrationId"
            params={{ customerId, integrationId }}
          >
            {integrationId} of {say(customerId)}
          </Link>
        </Fragment>
      ))}
      {more === 0 ? null : ` and ${sayCount(more, 'more', 'more')}`}: nights pass{' '}
      {shown.length + more === 1 ? 'it' : 'them'} over until somebody resumes{' '}
      {shown.length + more === 1 ? 'it' : 'them'}
    </>
  );
  return [{ key: 'paused', tone: 'calm', kind: 'paused', what }];
}
