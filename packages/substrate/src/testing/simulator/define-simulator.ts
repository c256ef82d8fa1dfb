import type { DistrictSimulator, SimulatorOptions } from './create-district-simulator.ts';

/** A choice that only this vendor's simulator has: an option of the command line, under its name. */
export interface SimulatorChoice {
  /** For its help: `the OneRoster version`. */
  readonly describe: string;
  /** What may be given; default any text. */
  readonly values?: readonly string[];
  /** What stands for the text in the help: `dir|zip`. */
  readonly placeholder?: string;
  readonly isPath?: true;
  readonly isRepeatable?: true;
}

/** What was chosen: a list where the choice is repeatable. */
export type ChosenValues = Readonly<Record<string, string | readonly string[]>>;

/** A remark on the data that is served, such as a row of a file that could not be. */
export interface SimulatorRemark {
  readonly where: string;
  readonly reason: string;
}

/** What a vendor's `./simulator` exports as `simulator`, so that commands need to know no vendor. */
export interface SimulatorEntry<S extends DistrictSimulator = DistrictSimulator> {
  readonly choices?: Readonly<Record<string, SimulatorChoice>>;
  /** Throws `config_invalid` or `invalid_params`, saying what to correct, before anything listens. */
  readonly create: (options: SimulatorOptions, chosen?: ChosenValues) => S | Promise<S>;
  readonly remarks?: (simulator: S) => readonly SimulatorRemark[];
}

/** Returns the entry as it is; it exists for the types. */
export function defineSimulator<S extends DistrictSimulator>(entry: SimulatorEntry<S>): SimulatorEntry<S> {
  return entry;
}
