import { Link } from '@tanstack/react-router';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { Page } from '../../shell/page.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import type { Fleet } from './fleet.ts';
import { judgeFleet } from './judge-fleet.ts';
import { NightTable } from './night-table.tsx';
import { QueueTable } from './queue-table.tsx';
import { ServiceTable } from './service-table.tsx';
import { ToDoList } from './to-do-list.tsx';

const pollMs = 15_000;

/** The start: what needs a person, whether last night was good, then how everything is. */
export function FleetPage() {
  const { data, error, refetch } = useCall('fleet.get.v1', {}, { pollMs: () => pollMs });
  return (
    <Page title="Fleet">
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="the fleet" /> : null}
      {data === undefined ? null : <FleetAtAGlance fleet={data} />}
    </Page>
  );
}

function FleetAtAGlance({ fleet }: { readonly fleet: Fleet }) {
  const { services, nights, changeBus, unknown, at } = fleet;
  const { tone, title, night: howNightWas } = judgeFleet(fleet);
  const night = nights?.[0]?.night;
  const isNew = services.every(({ integrations }) => (integrations?.total ?? 0) === 0);
  return (
    <>
      <Callout tone={tone} title={title}>
        {howNightWas === null ? null : <p>{howNightWas}.</p>}
        {night === undefined ? null : (
          <p>
            <Link to="/nights/$night" params={{ night }}>
              That night, customer by customer
            </Link>
          </p>
        )}
      </Callout>
      {isNew ? <FirstSteps /> : null}
      <Card title="What needs a person">
        <ToDoList fleet={fleet} />
      </Card>
      {nights === null || nights.length === 0 ? null : (
        <Card title="The last nights">
          <NightTable nights={nights} />
        </Card>
      )}
      <Card title="Services">
        <ServiceTable services={services} />
      </Card>
      <Card title="Queues and the way to the warehouse">
        <QueueTable services={services} changeBus={changeBus} />
      </Card>
      {unknown.length === 0 ? null : (
        <Callout tone="warn" title="Not everything could be told">
          {unknown.map(({ what, reason }) => (
            <div key={what}>
              {what}: <VendorText value={reason} isVerbatim />
            </div>
          ))}
        </Callout>
      )}
      <p>
        As of <Moment at={at} />; looked at anew every {pollMs / 1000} seconds while this page is seen.
      </p>
    </>
  );
}

function FirstSteps() {
  const mayChange = useMayChange();
  return (
    <Card title="Nothing is connected yet">
      <p>Add a customer, then connect its first system: a form asks for what the vendor needs.</p>
      {mayChange ? (
        <p>
          <ButtonLink kind="main" to="/customers" search={{ add: 'yes' }}>
            Add a customer
          </ButtonLink>
        </p>
      ) : null}
    </Card>
  );
}
