import { type Strategy, strategies } from '@flotilla/substrate/merge/strategy';
import { strategyWords as says } from '../../parts/strategy-words.ts';

interface StrategySelectProps {
  readonly id?: string;
  readonly label?: string;
  readonly value: string | undefined;
  /** What holds where none is chosen; undefined: one must be. */
  readonly inherited?: string;
  readonly isDisabled: boolean;
  readonly onChange: (strategy: Strategy | undefined) => void;
}

/** Who decides about a field. */
export function StrategySelect({ id, label, value, inherited, isDisabled, onChange }: StrategySelectProps) {
  return (
    <select
      id={id}
      aria-label={label}
      value={value ?? ''}
      disabled={isDisabled}
      onChange={({ target }) => onChange(strategies.find((each) => each === target.value))}
    >
      {inherited === undefined ? null : <option value="">{inherited}</option>}
      {strategies.map((each) => (
        <option key={each} value={each}>
          {each}: {says[each]}
        </option>
      ))}
    </select>
  );
}
