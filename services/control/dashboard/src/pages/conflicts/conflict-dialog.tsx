import { Link } from '@tanstack/react-router';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Moment } from '../../parts/moment.tsx';
import { NamedRecord, RecordLink } from '../../parts/record-link.tsx';
import { useIntegrationNames } from '../../parts/use-integration-names.ts';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import { WhoseRecord } from '../../parts/whose-record.tsx';
import type { ParamsOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { type Choice, type Conflict, type Decision, isOpen, nameField, sayChoice } from './conflict.ts';
import styles from './conflict-dialog.module.css';
import { ForetoldSide } from './foretold-side.tsx';
import { OursChanged } from './ours-changed.tsx';
import { OwnValue } from './own-value.tsx';
import { SideValue } from './side-value.tsx';

interface ConflictDialogProps {
  readonly customerId: string;
  readonly conflict: Conflict;
  readonly choice: Choice | undefined;
  readonly mayChange: boolean;
  readonly onChoose: (choice: Choice) => void;
  readonly onClose: () => void;
}

const kinds: Readonly<Record<Conflict['kind'], string>> = {
  'modify/modify': 'both sides changed it, each differently',
  'delete/modify': 'one side deleted what the other one changed',
  'add/add': 'both sides added it, each differently',
};

/** Everything about one conflict, what either choice would do, and a value of one's own. */
export function ConflictDialog({ customerId, conflict, choice, mayChange, ...rest }: ConflictDialogProps) {
  const { onChoose, onClose } = rest;
  const { integrationId, entityType, recordId, name, rule, kind, foundAt, foundBy } = conflict;
  const mayDecide = mayChange && isOpen(conflict);
  const nameOf = useIntegrationNames(customerId);
  const linked = { customerId, integrationId, entityType, recordId };
  return (
    <Dialog
      isWide
      onClose={onClose}
      title={
        <>
          <VendorLine text={nameField(conflict)} /> of {entityType}{' '}
          <NamedRecord recordId={recordId} name={name} />
        </>
      }
    >
      <p>
        A record of{' '}
        <Link to="/customers/$customerId/integrations/$integrationId" params={{ customerId, integrationId }}>
          <VendorLine text={nameOf(integrationId)} />
        </Link>
        .
      </p>
      <WhoseRecord place={linked} />
      <dl className={styles.sides}>
        <div>
          <dt>Base: what both last agreed on</dt>
          <dd>
            <SideValue conflict={conflict} side="base" />
          </dd>
        </div>
        <div>
          <dt>Ours</dt>
          <dd>
            <SideValue conflict={conflict} side="ours" />
          </dd>
        </div>
        <div>
          <dt>Theirs</dt>
          <dd>
            <SideValue conflict={conflict} side="theirs" />
          </dd>
        </div>
      </dl>
      <p>
        {isOpen(conflict) ? <OursChanged customerId={customerId} conflict={conflict} /> : null}
        Found <Moment at={foundAt} /> by{' '}
        <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId: foundBy }}>
          this run
        </Link>
        : {kinds[kind]}. Left to a person by the rule {rule}.{' '}
        <RecordLink {...linked}>The record and its history</RecordLink>
      </p>
      <Decided conflict={conflict} />
      {mayDecide ? (
        <>
          <SideForecast customerId={customerId} conflict={conflict} onChoose={onChoose} />
          <OwnValue conflict={conflict} chosen={choice} onChoose={onChoose} />
        </>
      ) : null}
      <p className={styles.end}>
        <Button onClick={onClose}>Close</Button>
      </p>
    </Dialog>
  );
}

function Decided({ conflict: { state, decision, endedAt } }: { readonly conflict: Conflict }) {
  if (decision === null) {
    return state === 'obsolete' ? (
      <p>
        Obsolete since <Moment at={endedAt} />: a side has had another value since.
      </p>
    ) : null;
  }
  const { choice, decidedBy, decidedAt, reason } = decision;
  return (
    <div>
      Decided for {sayChoice(choice)}
      {typeof choice === 'string' ? null : (
        <>
          {' '}
          (<VendorText value={choice.value} />)
        </>
      )}{' '}
      by <VendorText value={decidedBy} />, <Moment at={decidedAt} />
      {reason === null ? null : (
        <>
          : “<VendorText value={reason} />”
        </>
      )}
      .{' '}
      {state === 'decided' ? (
        'The next merge of the record follows; until then it may be decided anew.'
      ) : (
        <>
          It was followed <Moment at={endedAt} />.
        </>
      )}
    </div>
  );
}

interface SideForecastProps {
  readonly customerId: string;
  readonly conflict: Conflict;
  readonly onChoose: (choice: Choice) => void;
}

function SideForecast({ customerId, conflict, onChoose }: SideForecastProps) {
  const { conflictId, inputs } = conflict;
  const paramsFor = (choice: Decision['choice']): ParamsOf<'conflicts.resolve.v1'> => ({
    customerId,
    decisions: [{ conflictId, inputs, choice }],
    dryRun: true,
  });
  const ours = useCall('conflicts.resolve.v1', paramsFor('ours'));
  const theirs = useCall('conflicts.resolve.v1', paramsFor('theirs'));
  const error = ours.error ?? theirs.error;
  if (error !== null) return <LoadFailure error={error} />;
  const rows = [
    { choice: 'ours' as const, foretold: ours.data?.foretold[0] },
    { choice: 'theirs' as const, foretold: theirs.data?.foretold[0] },
  ];
  const others = rows[0]?.foretold?.waitsFor ?? 0;
  return (
    <>
      <DataTable
        caption="What either choice does"
        rows={rows}
        keyOf={({ choice }) => choice}
        empty=""
        columns={[
          {
            title: 'Choice',
            cell: ({ choice }) => (
              <Button onClick={() => onChoose(choice)}>
                <span className={styles.choice}>Take {choice}</span>
              </Button>
            ),
          },
          {
            title: 'On our side',
            cell: ({ foretold }) =>
              foretold === undefined ? '…' : <ForetoldSide conflict={conflict} side={foretold.ours} />,
          },
          {
            title: 'At the vendor',
            cell: ({ foretold }) =>
              foretold === undefined ? '…' : <ForetoldSide conflict={conflict} side={foretold.theirs} />,
          },
        ]}
      />
      {others === 0 ? null : <p>{sayWaits(others)}</p>}
    </>
  );
}

function sayWaits(others: number): string {
  const fields = others === 1 ? 'One more field' : `${others} more fields`;
  return `${fields} of this record ${others === 1 ? 'waits' : 'wait'} for a decision: nothing of it is merged before.`;
}
