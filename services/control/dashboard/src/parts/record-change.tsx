import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { recordName } from '@flotilla/substrate/model/record-name';
import { type ReactNode, useState } from 'react';
import { Badge, type Tone } from './badge.tsx';
import { type DiffField, FieldDiff } from './field-diff.tsx';
import styles from './record-change.module.css';
import { NamedRecord, RecordLink } from './record-link.tsx';
import { sayCount } from './say-count.ts';
import { VendorLine } from './vendor-text.tsx';

export type ChangeAction = 'create' | 'update' | 'delete';

const words: Readonly<Record<ChangeAction, { readonly tone: Tone; readonly word: string }>> = {
  create: { tone: 'good', word: 'created' },
  update: { tone: 'calm', word: 'updated' },
  delete: { tone: 'bad', word: 'deleted' },
};

/** What was done to a record. */
function ActionBadge({ action }: { readonly action: ChangeAction }) {
  const { tone, word } = words[action];
  return <Badge tone={tone}>{word}</Badge>;
}

/** The changes of a list, one a record. */
export function RecordChanges({ children }: { readonly children: ReactNode }) {
  return <ul className={styles.list}>{children}</ul>;
}

interface RecordChangeProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  readonly recordId: string;
  /** What people call it, where control says so. */
  readonly name?: string | null | undefined;
  /** What is done to it, where that is one thing. */
  readonly action?: ChangeAction;
  /** Before the record's name: on which side, or what else there is to know first. */
  readonly lead?: ReactNode;
  /** After the fields' names: how it went. */
  readonly remark?: ReactNode;
  readonly fields: readonly DiffField[];
  /** How many more there are. */
  readonly fieldsOmitted?: number | undefined;
  /** Above the fields, once it is opened. */
  readonly children?: ReactNode;
  /** In place of the fields before and after. */
  readonly body?: ReactNode;
  readonly startsOpen?: boolean;
}

/** A record's change in one line, that opens to its fields before and after. A closed one costs the page its line only. */
export function RecordChange({
  action,
  lead,
  remark,
  fields,
  children,
  body,
  startsOpen = false,
  fieldsOmitted = 0,
  name,
  ...record
}: RecordChangeProps) {
  const { entityType, recordId } = record;
  const known = name ?? (action === 'update' ? '' : recordName(membersOf(fields)));
  const [isOpen, setIsOpen] = useState(startsOpen);
  return (
    <li>
      <details
        className={styles.change}
        open={isOpen}
        onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
      >
        <summary>
          {action === undefined ? null : <ActionBadge action={action} />}
          {lead === undefined ? null : <span>{lead}</span>}
          <span>
            {entityType} <NamedRecord recordId={recordId} name={known} />
          </span>
          <span className={styles.soft}>
            <FieldNames fields={fields} />
          </span>
          {remark}
        </summary>
        {isOpen ? (
          <div className={styles.inside}>
            {children}
            {body ?? (
              <FieldDiff
                caption={`Fields of ${entityType} before and after`}
                fields={fields}
                whole={<RecordLink {...record} />}
                {...(action === undefined ? {} : { action })}
              />
            )}
            {fieldsOmitted === 0 ? null : <p>{sayCount(fieldsOmitted, 'more field')}, not shown.</p>}
            <p>
              Its history: <RecordLink {...record} />
            </p>
          </div>
        ) : null}
      </details>
    </li>
  );
}

/** A created or deleted record, as far as the fields tell it. */
function membersOf(fields: readonly DiffField[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ pointer, before, after }) => {
      const value = after ?? before;
      return value === undefined || pointer.lastIndexOf('/') !== 0 ? [] : [[pointer.slice(1), value]];
    }),
  );
}

function FieldNames({ fields }: { readonly fields: readonly DiffField[] }) {
  const shown = fields.slice(0, 3).map(({ pointer }) => pointer || 'the whole record');
  if (fields.length > 3) return <>{sayCount(fields.length, 'field')}</>;
  return <VendorLine text={shown.join(', ')} most={120} />;
}
