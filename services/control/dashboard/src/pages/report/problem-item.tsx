import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { Link } from '@tanstack/react-router';
import { sides, verbs } from '../../parts/exceeded-limits.tsx';
import { RecordLink } from '../../parts/record-link.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import styles from './report.module.css';
import type { Problem, Report } from './run-facts.ts';

interface ProblemItemProps {
  readonly report: Report;
  readonly problem: Problem;
}

/** One problem: which record, why, and what the vendor said, word for word. */
export function ProblemItem({ report, problem }: ProblemItemProps) {
  const { entityType, recordId, name, place, message, vendorAnswer } = problem;
  const { issues, records, runId, ...facts } = withoutAnswer(problem);
  const more = countMore(problem, 'issues') + countMore(problem, 'records');
  // What ended the run is the verdict's first sentence.
  const isSaid = entityType === null && place === null && report.verdict.includes(message);
  return (
    <li>
      {isSaid ? null : (
        <p>
          {entityType === null ? null : (
            <strong>
              {entityType}
              {recordId === null ? null : (
                <>
                  {' '}
                  <RecordLink {...report} entityType={entityType} recordId={recordId} name={name} />
                </>
              )}
              {': '}
            </strong>
          )}
          <VendorText value={message} isVerbatim />
          {place === null ? null : <span className={styles.soft}> ({place} of the list)</span>}
        </p>
      )}
      {objectsOf(issues).map((issue) => (
        <p key={JSON.stringify(issue)} className={styles.issue}>
          <VendorLine text={textOf(issue.pointer)} /> <VendorText value={textOf(issue.message)} isVerbatim />
        </p>
      ))}
      {vendorAnswer === null ? null : <Answer answer={vendorAnswer} />}
      {objectsOf(records).map((record) => (
        <TouchedRecord key={JSON.stringify(record)} report={report} record={record} />
      ))}
      {typeof runId === 'string' ? (
        <p>
          The run that it is about:{' '}
          <Link to="/customers/$customerId/runs/$runId" params={{ customerId: report.customerId, runId }}>
            {runId}
          </Link>
        </p>
      ) : null}
      {more === 0 ? null : <p>{sayCount(more, 'more like these', 'more like these')}, not shown.</p>}
      <Facts facts={facts} cut={problem.cut} />
    </li>
  );
}

function Answer({ answer }: { readonly answer: NonNullable<Problem['vendorAnswer']> }) {
  const { status, request, text } = answer;
  return (
    <figure className={styles.answer}>
      <figcaption>
        The vendor's answer
        {request === null ? null : (
          <>
            {' '}
            to <VendorLine text={request} most={200} />
          </>
        )}
        {status === null ? null : <>: status {status}</>}
      </figcaption>
      {text === null ? <p>(no text)</p> : <VendorText value={text} most={1_000} isVerbatim />}
    </figure>
  );
}

/** One that stands in the way of a revert: which fields, and which runs or edits changed them since. */
function TouchedRecord({ report, record }: { readonly report: Report; readonly record: JsonObject }) {
  const { entityType, recordId, fields, changedBy } = record;
  if (typeof entityType !== 'string' || typeof recordId !== 'string') return <Facts facts={record} />;
  return (
    <p className={styles.issue}>
      {entityType} <RecordLink {...report} entityType={entityType} recordId={recordId} />
      {': '}
      <VendorLine
        text={listOf(fields)
          .map((pointer) => pointer || 'the whole record')
          .join(', ')}
        most={200}
      />
      {listOf(changedBy).map((runId) => (
        <span key={runId}>
          {', changed by '}
          {isRunId(runId) ? (
            <Link to="/customers/$customerId/runs/$runId" params={{ customerId: report.customerId, runId }}>
              run {runId.slice(0, 8)}
            </Link>
          ) : (
            <VendorLine text={runId} />
          )}
        </span>
      ))}
    </p>
  );
}

function Facts({ facts, cut = {} }: { readonly facts: JsonObject; readonly cut?: Problem['cut'] }) {
  const entries = Object.entries(facts);
  if (entries.length === 0) return null;
  return (
    <dl className={styles.inline}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{factWords[name] ?? name}</dt>
          <dd>
            <VendorText value={sayFact(name, value)} length={cut[name]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Our own words for directions and actions stand for what people read elsewhere on the page. */
function sayFact(name: string, value: JsonValue): JsonValue {
  const words: Readonly<Record<string, string>> =
    name === 'direction' ? sides : name === 'action' ? verbs : {};
  return typeof value === 'string' && Object.hasOwn(words, value) ? (words[value] ?? value) : value;
}

const factWords: Readonly<Record<string, string>> = {
  announced: 'Records announced',
  received: 'Records received',
  pointer: 'Field',
  refersTo: 'Points to',
  id: 'Id',
  host: 'Host',
  contentType: 'Content type',
  planned: 'Would change',
  allowed: 'Allowed',
  stored: 'Stored',
  school: 'School',
  direction: 'Side',
  action: 'What would happen',
  step: 'Step',
  more: 'More records',
};

/** What the failure knows beyond what the answer and the heading say already. */
function withoutAnswer({ data, vendorAnswer, entityType }: Problem): JsonObject {
  const { status, method, path, excerpt, problem: _problem, ...rest } = data;
  const kept = vendorAnswer === null ? { status, method, path, excerpt } : {};
  return Object.fromEntries(
    Object.entries({ ...kept, ...rest }).flatMap(([name, value]) =>
      value === undefined || (name === 'entityType' && value === entityType) ? [] : [[name, value]],
    ),
  );
}

function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Items of a list that are not told. */
function countMore({ data, cut = {} }: Problem, name: string): number {
  const list = data[name];
  return Array.isArray(list) ? Math.max(0, (cut[name] ?? 0) - list.length) : 0;
}

function listOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text);
}
