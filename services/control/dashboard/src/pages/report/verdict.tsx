import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Tone } from '../../parts/badge.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import type { AnchoredGroup, Report } from './run-facts.ts';
import { ThingsToDo } from './things-to-do.tsx';

interface VerdictProps {
  readonly report: Report;
  readonly groups: readonly AnchoredGroup[];
  /** What a person can do about it right here. */
  readonly children?: ReactNode;
}

/** Is all well, and if not, what is the matter, and what is there to do, by whom? */
export function Verdict({ report, groups, children }: VerdictProps) {
  const { verdict, decision } = report;
  return (
    <Callout tone={toneOf(report)} title={<Sentence text={verdict} customerId={report.customerId} />}>
      {decision === null ? null : <Decision decision={decision} />}
      <ThingsToDo report={report} groups={groups} />
      {children}
    </Callout>
  );
}

/** Who rejected it, and why, is the verdict. */
function Decision({ decision }: { readonly decision: NonNullable<Report['decision']> }) {
  if (decision.decision === 'rejected') {
    return (
      <p>
        Rejected <Moment at={decision.at} />.
      </p>
    );
  }
  return (
    <p>
      Approved by <VendorText value={decision.by} isVerbatim />, <Moment at={decision.at} />
      {decision.reason === null ? '.' : ': '}
      {decision.reason === null ? null : <VendorText value={decision.reason} isVerbatim />}
    </p>
  );
}

const moment = /\d{4}-\d\d-\d\d(?: \d\d:\d\d UTC|T[\d:.]+Z)/.source;
const runIdAfterRun = /(?<=\brun )[0-9a-f]{8}-[0-9a-f-]{27}/.source;

/** A sentence of control's, with its moments (`2026-01-08 02:00 UTC`, or RFC 3339) in the reader's own time zone, and the way to the runs it names. */
function Sentence({ text, customerId }: { readonly text: string; readonly customerId: string }) {
  const parts = text.split(new RegExp(`(${moment}|${runIdAfterRun})`));
  return parts.map((part, index) => {
    // Every second one is a moment or a run.
    if (index % 2 === 0) return <VendorLine key={part} text={part} most={2_000} />;
    if (part.includes(':')) return <Moment key={part} at={part.replace(' UTC', 'Z').replace(' ', 'T')} />;
    return (
      <Link key={part} to="/customers/$customerId/runs/$runId" params={{ customerId, runId: part }}>
        {part.slice(0, 8)}
      </Link>
    );
  });
}

const tones: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  unchanged: 'good',
  partial: 'warn',
  held: 'warn',
  expired: 'warn',
  failed: 'bad',
};

/** Yellow also where all went through and somebody must look; of a run of which nothing stands any more, no colour says that all is well. */
function toneOf({ state, problems, conflicts, takenBack }: Report): Tone {
  if (takenBack?.extent === 'whole') return 'calm';
  if (takenBack?.extent === 'part' || takenBack?.extent === 'pending') return 'warn';
  const tone = tones[state] ?? 'calm';
  return tone === 'good' && problems.length + conflicts.length > 0 ? 'warn' : tone;
}
