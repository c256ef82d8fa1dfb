import type { z } from 'zod';
import { Failure, isFailure } from '../failure/failure.ts';
import { findNearest } from '../failure/find-nearest.ts';

/** One setting of a program: the environment variable it comes from and all that a reader of the docs wants to know about it. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  /** The environment variable's name. */
  readonly env: string;
  /** Parses the variable's text; `.default()` or `.optional()` makes the setting optional. An empty variable counts as absent. */
  readonly schema: Schema;
  /** One sentence: what it decides. */
  readonly about: string;
  /** A value that would be accepted; never a real secret. */
  readonly example: string;
  /** Never echo its value, not even a malformed one. */
  readonly secret?: boolean;
}

export type Settings = Readonly<Record<string, Setting>>;

export type Config<S extends Settings> = { readonly [Name in keyof S]: z.output<S[Name]['schema']> };

export interface SettingProblem {
  readonly env: string;
  readonly found: string;
  readonly expected: string;
  readonly example: string;
  readonly about: string;
  /** A variable that is set, is none of the settings, and whose name is nearly this one. Only its name is shown. */
  readonly hint?: string;
}

/** What the settings are read from: `process.env`, or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The exit code of a program whose settings are wrong: EX_CONFIG of BSD's sysexits(3). */
export const configExitCode = 78;

/** Declares settings as data, so that `readConfig` can read and a docs table can list them. */
export function defineConfig<const S extends Settings>(settings: S): S {
  return Object.freeze(settings);
}

/**
 * Reads all settings at once. Throws `config_invalid` whose `data.problems` (`SettingProblem[]`) names every missing or malformed
 * variable with what was expected and an example.
 */
export function readConfig<S extends Settings>(settings: S, env: Environment = process.env): Config<S> {
  const values: Record<string, unknown> = {};
  const problems: SettingProblem[] = [];
  const known = new Set(Object.values(settings).map((setting) => setting.env));
  const strangers = Object.keys(env).filter((name) => !known.has(name));
  for (const [name, setting] of Object.entries(settings)) {
    const text = env[setting.env];
    const parsed = setting.schema.safeParse(text === '' ? undefined : text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(describeProblem(setting, text, parsed.error, strangers));
  }
  if (problems.length > 0) {
    throw new Failure('config_invalid', 'Settings are missing or malformed', { data: { problems } });
  }
  return Object.freeze(values) as Config<S>;
}

/** `readConfig` for a program's first line: prints every problem to stderr and exits with `configExitCode`. */
export function readConfigOrExit<S extends Settings>(settings: S, env: Environment = process.env): Config<S> {
  try {
    return readConfig(settings, env);
  } catch (thrown) {
    if (!isFailure(thrown, 'config_invalid')) throw thrown;
    process.stderr.write(describeProblems(thrown.data.problems as readonly SettingProblem[]));
    process.exit(configExitCode);
  }
}

/** The text a person reads when settings are wrong: one block a variable. */
export function describeProblems(problems: readonly SettingProblem[]): string {
  const blocks = problems.map(({ env, found, expected, example, about, hint }) =>
    [
      `  ${env}: ${found}`,
      `      expected: ${expected}`,
      `      example:  ${env}=${example}`,
      `      what for: ${about}`,
      ...(hint === undefined ? [] : [`      note:     ${hint}`]),
    ].join('\n'),
  );
  const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
  return `${count} missing or malformed:\n\n${blocks.join('\n\n')}\n`;
}

function describeProblem(
  setting: Setting,
  text: string | undefined,
  error: z.ZodError,
  strangers: readonly string[],
): SettingProblem {
  const { env: name, about, example, secret } = setting;
  const expected = error.issues.map(expectationOf).join('; ');
  if (text === undefined || text === '') {
    const near = findNearest(name, strangers);
    const found = text === '' ? 'is empty' : 'is not set';
    return {
      env: name,
      found,
      expected,
      example,
      about,
      ...(near === undefined ? {} : { hint: `${near} is set; is ${name} meant?` }),
    };
  }
  const found = secret ? `is malformed (${text.length} characters, not shown)` : `is ${quote(text)}`;
  return { env: name, found, expected, example, about };
}

/** zod says "Invalid input: expected number, received NaN"; what was received stands beside it already, or must not be shown. */
function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_format') return `text of the format ${issue.format}`;
  return issue.message.replace(/^[A-Za-z ]+: expected /, '').replace(/, received .*$/, '');
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
