import { isFailure } from '@flotilla/substrate/failure';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { isNoSuch, NoSuch } from '../../parts/no-such.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { Page } from '../../shell/page.tsx';
import { judgeNight, troubled } from './judge-night.ts';
import { LeftOut } from './left-out.tsx';
import styles from './night.module.css';
import { dayBeside, type Night, sayDate, statesOf } from './night.ts';
import { NightRuns } from './night-runs.tsx';
import { StateLinks } from './state-links.tsx';

const route = getRouteApi('/nights/$night');
const limit = 50;
/** While one of the runs waits or goes on. */
const pollMs = 5_000;

/** One night of the whole fleet: was it good, which runs need somebody, all runs by state, and what was left out and why. */
export function NightPage() {
  const { night } = route.useParams();
  const { state, after } = route.useSearch();
  const states = statesOf(state);
  const { data, error, refetch } = useCall(
    'nightly.get.v1',
    {
      night,
      limit,
      ...(states === undefined ? {} : { states }),
      ...(after === undefined ? {} : { after: toPlace(after) }),
    },
    { pollMs: (last) => (last !== undefined && isUnderWay(last) ? pollMs : false) },
  );
  const wasNotAsked = isFailure(error, 'not_found');
  const isNone = !wasNotAsked && isNoSuch(error, '/night');
  return (
    <Page
      title={`Night of ${sayDate(night)}`}
      trail={
        <>
          <Link to="/">Fleet</Link>
          <span>Nights</span>
        </>
      }
      actions={
        isNone ? null : (
          <nav aria-label="Nights" className={styles.nights}>
            <Link to="/nights/$night" params={{ night: dayBeside(night, -1) }}>
              ← The night before
            </Link>
            <Link to="/nights/$night" params={{ night: dayBeside(night, 1) }}>
              The night after →
            </Link>
          </nav>
        )
      }
    >
      {wasNotAsked ? (
        <Callout tone="calm" title="Nothing ran in this night">
          <p>Nobody asked for it, and no schedule came. The last nights stand on the page of the fleet.</p>
        </Callout>
      ) : isNone ? (
        <NoSuch sentence="No night has the date" named={night}>
          The last nights stand on the page of the <Link to="/">fleet</Link>.
        </NoSuch>
      ) : error === null ? null : (
        <LoadFailure error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Loading what="the night" /> : null}
      {data === undefined || error !== null ? null : (
        <>
          <Verdict data={data} />
          {states === undefined && after === undefined ? <Trouble data={data} /> : null}
          <Card title={states === undefined ? 'All runs' : `Runs that are ${states.join(', ')}`}>
            <StateLinks night={night} tally={data.tally.runs} />
            <NightRuns
              runs={data.runs}
              caption="Runs of the night, by customer"
              empty={data.next === null ? 'There is none.' : 'None so far; there is more on the next page.'}
            />
            <Pager
              after={after}
              next={data.next === null ? null : `${data.next.customerId}/${data.next.runId}`}
            />
          </Card>
          <LeftOut night={night} first={data} limit={limit} />
        </>
      )}
    </Page>
  );
}

function Verdict({ data }: { readonly data: Night }) {
  const { tone, sentence } = judgeNight(data);
  return <Callout tone={tone} title={sentence} />;
}

/** The runs that need somebody, before all others. */
function Trouble({ data: { night, tally } }: { readonly data: Night }) {
  const count = troubled.reduce((sum, state) => sum + (tally.runs[state] ?? 0), 0);
  const { data } = useCall(
    'nightly.get.v1',
    { night, limit, states: [...troubled] },
    { isWanted: count > 0 },
  );
  if (count === 0 || data === undefined) return null;
  return (
    <Card title={`To look at (${count.toLocaleString()})`}>
      <NightRuns runs={data.runs} caption="Runs that need somebody" empty="There is none any more." />
      {data.next === null ? null : (
        <p>
          <Link to="." search={{ state: troubled.join(',') }}>
            All of them
          </Link>
        </p>
      )}
    </Card>
  );
}

function isUnderWay({ state, tally: { runs } }: Night): boolean {
  return state === 'queued' || (runs.queued ?? 0) + (runs.running ?? 0) > 0;
}

/** No id of a customer has a slash in it. */
function toPlace(after: string): { readonly customerId: string; readonly runId: string } {
  const slash = after.indexOf('/');
  return { customerId: after.slice(0, slash), runId: after.slice(slash + 1) };
}
