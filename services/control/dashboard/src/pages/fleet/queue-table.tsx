import { Link } from '@tanstack/react-router';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { sayCount } from '../../parts/say-count.ts';
import type { Fleet, Service } from './fleet.ts';

interface QueueTableProps {
  readonly services: readonly Service[];
  readonly changeBus: Fleet['changeBus'];
}

interface Row {
  readonly queue: string;
  readonly kind: 'task' | 'message';
  readonly pending: number | null;
  readonly running: number | null;
  readonly dead: number | null;
  readonly oldestAt: string | null;
}

/** Queues in which anything is, or of which it is not known. */
export function QueueTable({ services, changeBus }: QueueTableProps) {
  const all = services.flatMap(({ queues }) => queues.map(toRow));
  const rows = all.filter(({ pending, running, dead }) => pending !== 0 || running !== 0 || dead !== 0);
  const empty = all.length - rows.length;
  if (changeBus !== null) {
    const { oldestPublishedAt: oldestAt, ...counts } = changeBus;
    rows.push({ queue: 'changes for the warehouse', kind: 'message', oldestAt, ...counts });
  }
  return (
    <>
      <DataTable
        caption="Queues with something in them, and the changes on their way"
        rows={rows}
        keyOf={({ queue }) => queue}
        empty="Nothing is queued."
        columns={[
          { title: 'Queue', cell: ({ queue }) => queue },
          { title: 'Waiting', isNumber: true, cell: ({ pending }) => show(pending) },
          { title: 'Running', isNumber: true, cell: ({ running }) => show(running) },
          {
            title: 'Given up',
            isNumber: true,
            cell: ({ queue, kind, dead }) =>
              dead === null || dead === 0 ? (
                show(dead)
              ) : (
                <Link to="/dead-letters" search={kind === 'task' ? { kind, queue } : { kind }}>
                  {dead}
                </Link>
              ),
          },
          { title: 'Oldest', cell: ({ oldestAt }) => <Moment at={oldestAt} absent="none" /> },
        ]}
      />
      {empty === 0 ? null : (
        <p>
          {sayCount(empty, rows.length === 0 ? 'queue' : 'more queue')} {empty === 1 ? 'is' : 'are'} empty.
        </p>
      )}
    </>
  );
}

function toRow({ oldestCreatedAt, ...queue }: Service['queues'][number]): Row {
  return { ...queue, kind: 'task', oldestAt: oldestCreatedAt };
}

function show(count: number | null): string {
  return count === null ? 'not known' : count.toLocaleString();
}
