import { isFailure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { useMemo, useState } from 'react';
import type { Verdict } from '../../parts/check-outcome.tsx';
import { type Issue, issuesOf } from '../../parts/issues.ts';
import type { ResultOf } from '../../rpc/call.ts';
import { useAction } from '../../rpc/use-call.ts';
import type { CredentialDraft } from './credential-fields.tsx';
import { findFaults, toEntered, toValue } from './entered.ts';
import type { Entered, FormChoice } from './form-field.ts';
import { readSchema } from './read-schema.ts';

export type Integration = ResultOf<'integrations.list.v1'>['integrations'][number];

export interface ConnectTarget {
  readonly customerId: string;
  readonly vendor: ResultOf<'vendors.get.v1'>;
  /** What is changed; undefined: something new is connected. */
  readonly existing: Integration | undefined;
  /** Names that are taken. */
  readonly takenIds: readonly string[];
}

interface ConnectDraft {
  readonly integrationId: string;
  readonly connection: Entered;
  readonly credential: CredentialDraft;
}

/** The state of a form that connects a system, and what its button does: check what was entered, store it, ask the vendor. */
export function useConnect({ customerId, vendor, existing, takenIds }: ConnectTarget) {
  const forms = useMemo(() => readForms(vendor), [vendor]);
  const [draft, setDraft] = useState<ConnectDraft>(() => ({
    integrationId: existing?.integrationId ?? freeId(vendor.vendor, takenIds),
    connection: existing === undefined ? {} : toEntered(forms.connection, existing.connection),
    credential: { choice: forms.credentials[0], entered: {} },
  }));
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [verdict, setVerdict] = useState<Verdict>();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  // Under which name it is there by now: from then on it is changed, and the name is no longer to be free.
  const [putAs, setPutAs] = useState(existing?.integrationId);
  // Once it was stored, trying again needs no new one.
  const [hasStored, setHasStored] = useState(existing !== undefined);
  const putIntegration = useAction('integrations.put.v1');
  const putCredential = useAction('credentials.put.v1');
  const check = useAction('integrations.check.v1');

  async function store(credential: JsonObject | undefined): Promise<void> {
    const { integrationId } = draft;
    const connection = toValue(forms.connection, draft.connection);
    await putIntegration.mutateAsync({
      customerId,
      integrationId,
      vendor: vendor.vendor,
      connection,
      ...(putAs === undefined ? { isNew: true } : {}),
    });
    setPutAs(integrationId);
    if (credential === undefined) return;
    await putCredential.mutateAsync({ customerId, integrationId, credential });
    setHasStored(true);
  }

  async function connect(): Promise<void> {
    const { choice, entered } = draft.credential;
    const isKept = hasStored && choice.fields.every(({ name }) => (entered[name] ?? '').trim() === '');
    const faults = [
      ...findIdFaults(draft.integrationId, putAs === undefined ? takenIds : []),
      ...below('/connection', findFaults(forms.connection, draft.connection)),
      ...below('/credential', isKept ? [] : findFaults(choice, entered)),
    ];
    setIssues(faults);
    setVerdict(undefined);
    setError(null);
    if (faults.length > 0) return;
    setIsBusy(true);
    try {
      await store(isKept ? undefined : toValue(choice, entered));
      const said = await check.mutateAsync({ customerId, integrationId: draft.integrationId });
      setVerdict(said);
      setIssues(issuesIn(said));
    } catch (thrown) {
      // Somebody else was sooner, after this form was opened.
      const isTaken = putAs === undefined && isFailure(thrown, 'already_exists');
      setError(isTaken ? null : thrown);
      setIssues(isTaken ? [taken] : issuesOf(thrown));
    } finally {
      setIsBusy(false);
    }
  }

  const isNamed = putAs !== undefined;
  return { draft, setDraft, forms, issues, verdict, error, isBusy, isNamed, isStored: hasStored, connect };
}

interface Forms {
  readonly connection: FormChoice;
  readonly credentials: readonly [FormChoice, ...FormChoice[]];
}

const nothing: FormChoice = { name: '', label: '', hint: undefined, constants: {}, fields: [] };

function readForms({ connection, credential }: ResultOf<'vendors.get.v1'>): Forms {
  const [first = nothing, ...others] = readSchema(credential, 'credential');
  return { connection: readSchema(connection, 'connection')[0] ?? nothing, credentials: [first, ...others] };
}

/** The vendor's name, or that and a number. */
function freeId(vendor: string, takenIds: readonly string[]): string {
  if (!takenIds.includes(vendor)) return vendor;
  const numbers = Array.from({ length: takenIds.length + 1 }, (_, index) => `${vendor}-${index + 2}`);
  return numbers.find((id) => !takenIds.includes(id)) ?? vendor;
}

const taken: Issue = {
  pointer: '/integrationId',
  message: 'This customer has an integration of this name already; choose another.',
};

function findIdFaults(integrationId: string, takenIds: readonly string[]): readonly Issue[] {
  if (takenIds.includes(integrationId)) return [taken];
  if (/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/.test(integrationId)) return [];
  return [{ pointer: taken.pointer, message: 'Letters, digits, dots, dashes and underscores; at most 63.' }];
}

function below(pointer: string, issues: readonly Issue[]): readonly Issue[] {
  return issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer }));
}

/** What the vendor's service says of single members: it names those of what its code tells. */
function issuesIn({ failure }: Verdict): readonly Issue[] {
  const found = failure?.data['issues'];
  if (!Array.isArray(found)) return [];
  const issues = found.flatMap((each): Issue[] => {
    const { pointer, message } = Object(each) as Partial<Issue>;
    return typeof pointer === 'string' && typeof message === 'string' ? [{ pointer, message }] : [];
  });
  return below(failure?.code === 'credentials_rejected' ? '/credential' : '/connection', issues);
}
