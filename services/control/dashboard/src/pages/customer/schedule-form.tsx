import { Field, FieldGroup } from '../../parts/field.tsx';
import { faultAt, type Issue } from '../../parts/issues.ts';
import { TimeZoneField } from '../../parts/time-zone-field.tsx';
import { BlackoutDates } from './blackout-dates.tsx';
import styles from './customer-page.module.css';
import type { ScheduleDraft } from './schedule-draft.ts';

interface ScheduleFormProps {
  readonly draft: ScheduleDraft;
  readonly issues: readonly Issue[];
  readonly onChange: (draft: ScheduleDraft) => void;
}

const kinds = [
  { kind: 'simple', title: 'At a time of its own' },
  { kind: 'cron', title: 'By a cron line' },
  { kind: 'fleet', title: "When the fleet's night is asked for, spread over its window" },
] as const;

const dayChoices = [
  { days: '*', title: 'every night' },
  { days: '1-5', title: 'Monday to Friday' },
  { days: '0-4', title: 'Sunday to Thursday' },
] as const;

/** When a customer's nights begin. */
export function ScheduleForm({ draft, issues, onChange }: ScheduleFormProps) {
  function change(part: Partial<ScheduleDraft>) {
    onChange({ ...draft, ...part });
  }
  const isKnown = dayChoices.some(({ days }) => days === draft.simple.days);

  return (
    <>
      <FieldGroup legend="Nightly runs begin">
        {kinds.map(({ kind, title }) => (
          <label key={kind} className={styles.choice}>
            <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => change({ kind })} />
            {title}
          </label>
        ))}
      </FieldGroup>
      <div className={styles.row}>
        {draft.kind === 'simple' ? (
          <>
            <Field label="Time" fault={faultAt(issues, '/schedule/cron')}>
              {(control) => (
                <input
                  {...control}
                  type="time"
                  required
                  value={draft.simple.time}
                  onChange={({ target }) => change({ simple: { ...draft.simple, time: target.value } })}
                />
              )}
            </Field>
            <Field label="Days">
              {(control) => (
                <select
                  {...control}
                  value={draft.simple.days}
                  onChange={({ target }) => change({ simple: { ...draft.simple, days: target.value } })}
                >
                  {dayChoices.map(({ days, title }) => (
                    <option key={days} value={days}>
                      {title}
                    </option>
                  ))}
                  {isKnown ? null : <option value={draft.simple.days}>days {draft.simple.days}</option>}
                </select>
              )}
            </Field>
          </>
        ) : null}
        {draft.kind === 'cron' ? (
          <Field
            label="Cron line"
            hint="Minute, hour, day of the month, month, weekday: 30 2 * * 1-5"
            fault={faultAt(issues, '/schedule/cron')}
          >
            {(control) => (
              <input
                {...control}
                required
                spellCheck={false}
                autoComplete="off"
                value={draft.cron}
                onChange={({ target }) => change({ cron: target.value })}
              />
            )}
          </Field>
        ) : null}
        {draft.kind === 'fleet' ? null : (
          <Field
            label="Spread over (minutes)"
            hint="Each integration has its own place in it"
            fault={faultAt(issues, '/schedule/jitterMinutes')}
          >
            {(control) => (
              <input
                {...control}
                type="number"
                min={0}
                max={720}
                required
                value={draft.jitterMinutes}
                onChange={({ target }) => change({ jitterMinutes: target.value })}
              />
            )}
          </Field>
        )}
        <TimeZoneField
          value={draft.timeZone}
          fault={faultAt(issues, '/timeZone')}
          onChange={(timeZone) => change({ timeZone })}
        />
      </div>
      {draft.kind === 'fleet' ? null : (
        <BlackoutDates
          blackouts={draft.blackouts}
          issues={issues}
          onChange={(blackouts) => change({ blackouts })}
        />
      )}
    </>
  );
}
