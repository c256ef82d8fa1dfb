import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  Answer,
  ListRoute,
  Route,
  SimulatedRequest,
  SimulatedResponse,
} from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames } from '@flotilla/substrate/testing/simulator/read-query';
import { adminUserId } from './canvas-id.ts';
import { readCsv } from './csv.ts';
import type { CollectionName } from './district-records.ts';
import { findIn } from './finder.ts';
import { importers } from './import-rows.ts';
import { type ListOptions, listPage } from './list-page.ts';
import { canvasTime } from './local-midnight.ts';
import { isTrue } from './read-params.ts';
import { notFound, refuseWith } from './refusal.ts';
import { showRecord } from './show-record.ts';
import { textOf } from './text-of.ts';

/** How long an import takes: from its turn on, since there is one at a time. */
export interface ImportPace {
  /** Default 5. */
  readonly seconds?: number;
  /** Default 0.01. */
  readonly secondsPerRow?: number;
}

interface SisImport {
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly query: URLSearchParams;
  readonly createdAt: number;
  readonly startsAt: number;
  endsAt: number;
  isAborted: boolean;
  /** What came of it; undefined while it is at work. */
  outcome: Outcome | undefined;
}

interface Outcome {
  readonly supplied: readonly string[];
  readonly counts: JsonObject;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

const parameters = [
  'import_type',
  'extension',
  'skip_deletes',
  'override_sis_stickiness',
  'add_sis_stickiness',
  'clear_sis_stickiness',
  'update_sis_id_if_login_claimed',
];
/** Canvas knows them; a whole data set to compare with is more than is simulated here. */
const notSimulated = [
  'batch_mode',
  'multi_term_batch_mode',
  'diffing_data_set_identifier',
  'change_threshold',
];

/** Imports from a SIS: a file of CSV, which Canvas works on by itself, one after the other. `settle` brings in those that are done. */
export function createSisImports({ seconds = 5, secondsPerRow = 0.01 }: ImportPace = {}) {
  const imports: SisImport[] = [];
  const importedNames = new Map<string, string>();
  let seat: SimulatorSeat<CollectionName> | undefined;

  function settle(): void {
    const due = imports.filter((one) => one.outcome === undefined && !one.isAborted);
    for (const one of due)
      if (seat !== undefined && seat.clock.now() >= one.endsAt) one.outcome = run(one, seat);
  }

  function run({ text, query, endsAt, file }: SisImport, { store }: SimulatorSeat<CollectionName>): Outcome {
    if (file.endsWith('.zip')) return failed('The simulator does not unpack ZIP files');
    const rows = readCsv(text);
    const importer = importers.find(({ isOf }) => isOf(new Set(Object.keys(rows[0] ?? {}))));
    if (importer === undefined) return failed("Couldn't find Canvas CSV import headers");
    for (const user of store.list('users'))
      if (!importedNames.has(textOf(user.id))) importedNames.set(textOf(user.id), textOf(user.name));
    const context = {
      store,
      at: canvasTime(new Date(endsAt).toISOString()),
      overrides: isTrue(query.get('override_sis_stickiness') ?? 'false'),
      importedNames,
    };
    const warnings = rows.flatMap((row) => importer.take(row, context) ?? []);
    const counts = { [`${importer.name}s`]: rows.length - warnings.length };
    return { supplied: [importer.name], counts, warnings, errors: [] };
  }

  function create(request: SimulatedRequest, { clock }: SimulatorSeat<CollectionName>): Answer {
    const strange = checkNames(request.query, [...parameters, ...notSimulated]);
    if (strange !== undefined) return strange;
    const missing = notSimulated.find((name) => request.query.has(name));
    if (missing !== undefined) return refuseWith({ message: `${missing} is not simulated` });
    if ((request.query.get('import_type') ?? 'instructure_csv') !== 'instructure_csv')
      return refuseWith({ message: 'invalid import type parameter' });
    const upload = readUpload(request);
    if ('status' in upload) return upload;
    const now = clock.now();
    const startsAt = Math.max(now, imports.findLast(({ isAborted }) => !isAborted)?.endsAt ?? 0);
    const rows = upload.text.split('\n').length - 1;
    const endsAt = startsAt + (seconds + secondsPerRow * rows) * 1000;
    const id = String(imports.length + 1);
    const one = { ...upload, id, query: request.query, createdAt: now, startsAt, endsAt };
    imports.push({ ...one, isAborted: false, outcome: undefined });
    return { status: 200, json: showRecord(request, show(imports.at(-1) as SisImport, now)) };
  }

  function abort(one: SisImport, now: number): void {
    if (one.outcome !== undefined) return;
    one.isAborted = true;
    one.endsAt = now;
  }

  function routes(
    own: SimulatorSeat<CollectionName>,
    paging: ListOptions,
  ): Readonly<Record<string, Route | ListRoute>> {
    seat = own;
    const now = () => own.clock.now();

    function inRoot(act: (request: SimulatedRequest) => Answer): Route {
      return (request) => {
        const account = findIn(own.store, 'accounts', request.params.id);
        if (account === undefined) return notFound;
        if (account.parent_account_id !== null)
          return refuseWith({ errors: ['SIS imports can only be executed on root accounts'] });
        return act(request);
      };
    }

    function withOne(act: (one: SisImport) => void): Route {
      return inRoot((request) => {
        const one = imports.find(({ id }) => id === request.params.importId);
        if (one === undefined) return notFound;
        act(one);
        return { status: 200, json: showRecord(request, show(one, now())) };
      });
    }

    const at = '/api/v1/accounts/:id/sis_imports';
    return {
      [`GET ${at}`]: {
        list: inRoot((request) =>
          listPage(
            request,
            imports.map((one) => show(one, now())),
            {
              ...paging,
              member: 'sis_imports',
              known: ['created_since', 'created_before'],
              lists: ['workflow_state[]'],
            },
          ),
        ),
      },
      [`POST ${at}`]: inRoot((request) => create(request, own)),
      [`GET ${at}/:importId`]: withOne(() => undefined),
      [`PUT ${at}/:importId/abort`]: withOne((one) => abort(one, now())),
    };
  }

  return { routes, settle };
}

function failed(message: string): Outcome {
  return { supplied: [], counts: {}, warnings: [], errors: [message] };
}

/** A form's attachment, or the body itself, which has to say what it is. */
function readUpload(request: SimulatedRequest): Pick<SisImport, 'file' | 'text'> | SimulatedResponse {
  const [type = '', ...more] = (request.headers['content-type'] ?? '').split(';').map((part) => part.trim());
  if (type.toLowerCase() === 'multipart/form-data') {
    const boundary = more.find((part) => part.startsWith('boundary='))?.slice(9) ?? '';
    const part = request.body.split(`--${boundary}`).find((one) => /name="attachment"/.test(one));
    const [, file = 'attachment.csv'] = /filename="([^"]*)"/.exec(part ?? '') ?? [];
    const text = part?.split('\r\n\r\n').slice(1).join('\r\n\r\n').replace(/\r\n$/, '');
    return text === undefined
      ? refuseWith({ error: true, error_message: 'Missing attachment' })
      : { file, text };
  }
  const charset = more.find((part) => part.toLowerCase().startsWith('charset='))?.slice(8);
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
    return refuseWith({ error: 'Invalid content type, UTF-8 required' });
  const kinds: Readonly<Record<string, string>> = { 'text/csv': 'csv', 'text/plain': 'csv' };
  const extension = request.query.get('extension') ?? kinds[type.toLowerCase()] ?? 'zip';
  return { file: `sis_import.${extension}`, text: request.body };
}

function show(one: SisImport, now: number): JsonObject {
  const { id, outcome, createdAt, startsAt, endsAt, file, query } = one;
  const at = (moment: number) => canvasTime(new Date(moment).toISOString());
  const isOver = outcome !== undefined || one.isAborted;
  const done = Math.floor((100 * (Math.min(now, endsAt) - startsAt)) / Math.max(1, endsAt - startsAt));
  const pairs = (messages: readonly string[]): JsonValue => messages.map((message) => [file, message]);
  const { warnings = [], errors = [], supplied = [], counts = {} } = outcome ?? {};
  return {
    id,
    created_at: at(createdAt),
    started_at: now < startsAt ? null : at(startsAt),
    ended_at: isOver ? at(endsAt) : null,
    updated_at: at(now),
    progress: outcome !== undefined ? 100 : Math.max(0, Math.min(99, done)),
    workflow_state: stateOf(one, now),
    account_id: '1',
    user: { id: adminUserId, name: 'SIS Admin' },
    data: { import_type: 'instructure_csv', supplied_batches: [...supplied], counts },
    ...(warnings.length === 0 ? {} : { processing_warnings: pairs(warnings) }),
    ...(errors.length === 0 ? {} : { processing_errors: pairs(errors) }),
    batch_mode: null,
    override_sis_stickiness: isTrue(query.get('override_sis_stickiness') ?? 'false') ? true : null,
  };
}

function stateOf({ isAborted, outcome, startsAt }: SisImport, now: number): string {
  if (isAborted) return 'aborted';
  if (outcome === undefined) return now < startsAt ? 'created' : 'importing';
  if (outcome.errors.length > 0) return 'failed_with_messages';
  return outcome.warnings.length > 0 ? 'imported_with_messages' : 'imported';
}
