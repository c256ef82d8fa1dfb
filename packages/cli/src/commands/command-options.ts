import { InvalidArgumentError, Option } from 'commander';

/** What every command that calls the fleet takes. */
export interface FleetFlags {
  readonly home?: string;
  readonly json?: true;
}

export function homeOption(): Option {
  return new Option('--home <dir>', 'the folder of the local fleet (default: .flotilla in the repository)');
}

export function customerOption(): Option {
  return new Option('--customer <id>', 'only of this customer (default: of all)');
}

export function integrationOption(): Option {
  return new Option('--integration <id>', 'only of this integration');
}

export function entityTypeOption(): Option {
  return new Option('--entity-type <name>', 'only of this entity type, such as user');
}

export function jsonOption(): Option {
  return new Option('--json', 'answer in JSON, errors too');
}

/** Collects a flag that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A reader of whole numbers within bounds, for commander. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}
