import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { AuditEntry } from '@flotilla/substrate/store';

type Describe = (target: JsonObject, detail: JsonObject) => string;

/** By wire name without its version: what a later version does is said in the same words. */
const descriptions: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  ['customers.put', (_target, detail) => put('the customer', detail)],
  ['integrations.put', (target, detail) => put(`the integration ${name(target.integrationId)}`, detail)],
  ['credentials.put', (target) => `stored credentials for ${name(target.integrationId)}`],
  ['keys.rotate', (target) => `made a new data key for ${name(target.integrationId)}`],
  [
    'settings.put',
    (target, detail) => `changed the settings of ${name(target.integrationId)}${fieldsIn(detail)}`,
  ],
  ['notifications.put', () => 'changed who is told by e-mail'],
  ['notifications.test', (_target, detail) => `sent a test mail to ${listOf(detail.addresses)}`],
  [
    'conflicts.resolve',
    (target, { pointer, choice }) => `decided ${place(pointer)} of ${record(target)}: ${chosen(choice)}`,
  ],
  [
    'records.put',
    (target, detail) =>
      `${detail.action === 'create' ? 'created' : 'changed'} ${record(target)}${fieldsIn(detail)}`,
  ],
  ['records.delete', (target) => `deleted ${record(target)}`],
  ['runs.start', (target, detail) => `started ${startedRun(detail)} of ${name(target.integrationId)}`],
  [
    'runs.approve',
    (target) => `approved the held run ${shortId(target.runId)} of ${name(target.integrationId)}`,
  ],
  [
    'runs.reject',
    (target) => `rejected the held run ${shortId(target.runId)} of ${name(target.integrationId)}`,
  ],
  ['runs.revert', (target) => `took back the run ${shortId(target.runId)} of ${name(target.integrationId)}`],
  ['deadLetters.replay', (target) => `had a dead letter of the queue ${name(target.queue)} done after all`],
  ['deadLetters.discard', (target) => `discarded a dead letter of the queue ${name(target.queue)}`],
]);

/** Pure. What somebody did, to follow the actor's name: `decided /title of category b1: ours`. */
export function describeAction({
  action,
  target,
  detail,
}: Pick<AuditEntry, 'action' | 'target' | 'detail'>): string {
  const describe = descriptions.get(action.replace(/\.v\d+$/, ''));
  const said = describe === undefined ? `called ${action}` : describe(target, detail);
  const { reason } = detail;
  return typeof reason === 'string' && reason !== '' ? `${said}, because: ${toPlainText(reason, 500)}` : said;
}

const mostNamed = 3;

/** Which fields, by their places; where there are many, how many. */
function fieldsIn({ fields }: JsonObject): string {
  const pointers = Array.isArray(fields)
    ? fields.flatMap((field: JsonValue) =>
        isJsonObject(field) && typeof field.pointer === 'string' ? [field.pointer] : [],
      )
    : [];
  if (pointers.length === 0) return '';
  if (pointers.length > mostNamed) return ` (${pointers.length} fields)`;
  return ` (${pointers.map(place).join(', ')})`;
}

/** Of what was not there before, no field has a value from before. */
function put(what: string, detail: JsonObject): string {
  const { fields } = detail;
  const isNew =
    Array.isArray(fields) && fields.every((field: JsonValue) => isJsonObject(field) && !('before' in field));
  return isNew ? `registered ${what}` : `changed ${what}${fieldsIn(detail)}`;
}

function startedRun({ family, dryRun, full }: JsonObject): string {
  const kind = dryRun === true ? 'a dry run' : 'a run';
  const what = typeof family === 'string' ? `${kind} of the ${name(family)}` : kind;
  return full === true ? `${what}, fetching everything whole,` : what;
}

function chosen(choice: JsonValue | undefined): string {
  if (choice === 'ours' || choice === 'theirs') return choice;
  return isJsonObject(choice) ? `the value ${toPlainText(JSON.stringify(choice.value), 100)}` : 'nothing';
}

function record({ entityType, recordId }: JsonObject): string {
  return `${name(entityType)} ${name(recordId)}`;
}

function place(pointer: JsonValue | undefined): string {
  return pointer === '' || typeof pointer !== 'string' ? 'the whole' : toPlainText(pointer, 100);
}

function shortId(id: JsonValue | undefined): string {
  return typeof id === 'string' ? id.slice(0, 8) : '?';
}

function listOf(names: JsonValue | undefined): string {
  return Array.isArray(names) ? names.map((each: JsonValue) => name(each)).join(', ') : '?';
}

/** Ids may be the vendor's. */
function name(id: JsonValue | undefined): string {
  return typeof id === 'string' ? toPlainText(id, 100) : '?';
}
