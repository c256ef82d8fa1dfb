import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { defaultLimit, defaultSchoolLimit } from '@flotilla/substrate/settings/default-limits';
import type { Action, Direction } from '@flotilla/substrate/settings/safety-limits';
import { DataTable } from '../../parts/data-table.tsx';
import { faultAt } from '../../parts/issues.ts';
import type { DraftProps, Vendor } from './draft.ts';
import { getAt, type Path } from './json-at.ts';
import { isSoundLimit, otherDefaults, sayLimit } from './say-limits.ts';
import styles from './settings-page.module.css';

interface LimitsTableProps extends DraftProps {
  readonly kind: 'all' | 'entityType' | 'school';
  readonly entityType: string | undefined;
  readonly vendor: Pick<Vendor, 'entityTypes'>;
}

interface Way {
  readonly direction: Direction;
  readonly action: Action;
  readonly title: string;
}

const ways: readonly Way[] = [
  { direction: 'toOurs', action: 'create', title: 'Created on our side' },
  { direction: 'toOurs', action: 'update', title: 'Updated on our side' },
  { direction: 'toOurs', action: 'delete', title: 'Deleted on our side' },
  { direction: 'toTheirs', action: 'create', title: 'Created at the vendor' },
  { direction: 'toTheirs', action: 'update', title: 'Updated at the vendor' },
  { direction: 'toTheirs', action: 'delete', title: 'Deleted at the vendor' },
];

const usual = { percent: 10, floor: 20 };

/** How much a run may change before somebody must look. */
export function LimitsTable(props: LimitsTableProps) {
  const { kind, entityType } = props;
  const root: Path =
    kind === 'all'
      ? ['limits']
      : kind === 'school'
        ? ['limits', 'perSchool']
        : ['limits', 'entityTypes', entityType ?? ''];
  return (
    <DataTable
      caption="Safety limits"
      rows={ways}
      keyOf={({ direction, action }) => `${direction} ${action}`}
      empty=""
      columns={[
        { title: 'Records', cell: ({ title }) => title },
        {
          title: 'Limit',
          cell: (way) => <LimitCell {...props} way={way} path={[...root, way.direction, way.action]} />,
        },
      ]}
    />
  );
}

function LimitCell(props: LimitsTableProps & { readonly way: Way; readonly path: Path }) {
  const { draft, issues, mayChange, choose, way, path } = props;
  const chosen = getAt(draft, path);
  const mode = chosen === undefined ? '' : chosen === 'off' ? 'off' : 'own';
  const fault = faultAt(issues, `/${path.join('/')}`);
  const others = listOthers(props);
  return (
    <div className={styles.limit}>
      <select
        aria-label={`Limit: ${way.title}`}
        aria-invalid={fault === undefined ? undefined : true}
        value={mode}
        disabled={!mayChange}
        onChange={({ target: { value } }) =>
          choose(path, value === '' ? undefined : value === 'off' ? 'off' : startOf(inheritedLimit(props)))
        }
      >
        <option value="">{sayInherited(props)}</option>
        <option value="own">a limit of its own</option>
        <option value="off">no limit</option>
      </select>
      {isJsonObject(chosen) ? (
        <>
          <NumberField
            label="percent"
            suffix="%"
            title={way.title}
            value={chosen['percent']}
            isDisabled={!mayChange}
            onChange={(value) => choose([...path, 'percent'], value)}
          />
          <NumberField
            label="always let through"
            title={way.title}
            value={chosen['floor']}
            isDisabled={!mayChange}
            onChange={(value) => choose([...path, 'floor'], value)}
          />
          <NumberField
            label="never more than"
            title={way.title}
            value={chosen['count']}
            isDisabled={!mayChange}
            onChange={(value) => choose([...path, 'count'], value)}
          />
        </>
      ) : null}
      {fault === undefined ? null : <span className={styles.fault}>{fault}</span>}
      {others.map(({ limit, entityTypes }) => (
        <span key={limit} className={styles.soft}>
          {chosen === undefined
            ? `${entityTypes.join(', ')}: ${limit}`
            : `Also for ${entityTypes.join(', ')}, by default ${limit}`}
        </span>
      ))}
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly suffix?: string;
  readonly title: string;
  readonly value: JsonValue | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (value: number | undefined) => void;
}

function NumberField({ label, suffix = '', title, value, isDisabled, onChange }: NumberFieldProps) {
  return (
    <label className={styles.number}>
      {label}
      <input
        type="number"
        min={0}
        step="any"
        aria-label={`${title}: ${label}`}
        value={typeof value === 'number' ? value : ''}
        disabled={isDisabled}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.valueAsNumber)}
      />
      {suffix}
    </label>
  );
}

type WayProps = LimitsTableProps & { readonly way: Way };

function sayInherited(props: WayProps): string {
  const of = isGeneral(props) ? 'as for all' : 'default';
  return `${of}: ${sayLimit(inheritedLimit(props))}`;
}

/** What holds where nothing is chosen here. */
function inheritedLimit(props: WayProps): unknown {
  const { kind, draft, entityType, way } = props;
  const { direction, action } = way;
  if (kind === 'school') return defaultSchoolLimit(direction, action);
  if (isGeneral(props)) return getAt(draft, ['limits', direction, action]);
  // The vendor's word for an entity type: one that is unknown here has the limits of most.
  return defaultLimit(entityType as Parameters<typeof defaultLimit>[0], direction, action);
}

/** Entity types that do not have what most have, and follow what is chosen for all as these do. */
function listOthers({ kind, draft, vendor, way: { direction, action } }: WayProps) {
  if (kind !== 'all') return [];
  const followers = vendor.entityTypes.filter(
    (each) => getAt(draft, ['limits', 'entityTypes', each, direction, action]) === undefined,
  );
  return otherDefaults(followers, direction, action);
}

function isGeneral({ kind, draft, way: { direction, action } }: WayProps): boolean {
  return kind === 'entityType' && getAt(draft, ['limits', direction, action]) !== undefined;
}

/** A limit of its own begins as what held so far: that it is opened must loosen nothing. */
function startOf(inherited: unknown): JsonObject {
  return isSoundLimit(inherited) ? { ...inherited } : usual;
}
