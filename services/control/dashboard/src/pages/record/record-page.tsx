import { isFailure } from '@flotilla/substrate/failure';
import { recordName } from '@flotilla/substrate/model/record-name';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { faultAt, issuesOf } from '../../parts/issues.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { isNoSuch, NoSuch } from '../../parts/no-such.tsx';
import { WhoseRecord } from '../../parts/whose-record.tsx';
import type { ParamsOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { RecordConflicts } from './record-conflicts.tsx';
import { historyParams, RecordHistory } from './record-history.tsx';
import { RecordValues } from './record-values.tsx';
import { RecordVerdict, type StoredRecord } from './record-verdict.tsx';

const route = getRouteApi('/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId');

export type RecordPlace = Pick<
  ParamsOf<'records.get.v1'>,
  'customerId' | 'integrationId' | 'entityType' | 'recordId'
>;

/** One record: how it stands between us and the vendor, and how it came to that. */
export function RecordPage() {
  // An address may say anything; control refuses what is no entity type.
  const place = route.useParams() as RecordPlace;
  const { after } = route.useSearch();
  const { customerId, integrationId, entityType, recordId } = place;
  const { data: record, error, refetch } = useCall('records.get.v1', place);
  const history = useCall('records.history.v1', historyParams(place, after));
  // What is deleted on both sides has a history all the same.
  const isGone = isFailure(error, 'not_found');
  const neverWas = isNoSuch(error, '/recordId') && isNoSuch(history.error, '/recordId');
  const isNone = neverWas || isNoIntegration(error) || faultAt(issuesOf(error), '/entityType') !== undefined;

  return (
    <PageOfCustomer
      customerId={customerId}
      title={`${entityType} ${toPlainText(recordId, 100)}${sayName(record)}`}
      trail={
        <>
          <Link
            to="/customers/$customerId/integrations/$integrationId"
            params={{ customerId, integrationId }}
          >
            {integrationId}
          </Link>
          <Link
            to="/customers/$customerId/integrations/$integrationId/records/$entityType"
            params={{ customerId, integrationId, entityType }}
          >
            {entityType}
          </Link>
        </>
      }
    >
      {isNone ? <NoSuchRecord place={place} error={error} /> : null}
      {error === null || isGone || isNone ? null : (
        <LoadFailure error={error} onRetry={() => void refetch()} />
      )}
      {record === undefined && error === null ? <Loading what="the record" /> : null}
      {(isGone && !isNone && history.data !== undefined) || record !== undefined ? (
        <RecordVerdict place={place} record={isGone ? undefined : record} />
      ) : null}
      {isGone || record === undefined ? null : (
        <>
          {record.openConflicts === 0 ? null : <RecordConflicts place={place} />}
          <Card title="What we have, and what both sides last agreed on">
            <WhoseRecord place={place} />
            <RecordValues record={record} />
          </Card>
        </>
      )}
      {isNone ? null : (
        <Card title="History on our side, latest first">
          <RecordHistory place={place} after={after} />
        </Card>
      )}
    </PageOfCustomer>
  );
}

function NoSuchRecord({ place, error }: { readonly place: RecordPlace; readonly error: unknown }) {
  const { customerId, integrationId, entityType, recordId } = place;
  if (isNoIntegration(error)) {
    return (
      <NoSuch sentence="This customer has no integration of the name" named={integrationId}>
        <Link to="/customers/$customerId" params={{ customerId }}>
          The page of the customer
        </Link>{' '}
        lists those that it has.
      </NoSuch>
    );
  }
  if (faultAt(issuesOf(error), '/entityType') !== undefined) {
    return (
      <NoSuch sentence="There is no entity type" named={entityType}>
        <Link to="/customers/$customerId/integrations/$integrationId" params={{ customerId, integrationId }}>
          The page of the integration
        </Link>{' '}
        lists those that there are.
      </NoSuch>
    );
  }
  return (
    <NoSuch sentence={`There is no ${entityType}, and never was, of the id`} named={recordId}>
      <Link
        to="/customers/$customerId/integrations/$integrationId/records/$entityType"
        params={{ customerId, integrationId, entityType }}
      >
        All records of its entity type
      </Link>{' '}
      can be searched.
    </NoSuch>
  );
}

/** Pure. What is not there is the integration itself, or no name of one. */
function isNoIntegration(error: unknown): boolean {
  const isAbsent = isFailure(error, 'not_found') && error.data['recordId'] === undefined;
  return isAbsent || faultAt(issuesOf(error), '/integrationId') !== undefined;
}

function sayName(record: StoredRecord | undefined): string {
  const name = recordName(record?.ours ?? record?.base);
  return name === '' ? '' : `: ${toPlainText(name, 100)}`;
}
