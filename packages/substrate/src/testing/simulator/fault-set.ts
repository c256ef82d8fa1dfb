import { type Fault, type FaultAction, parseFault } from './fault.ts';
import { matchesPattern, type PatternSubject } from './request-pattern.ts';

export interface FaultStatus {
  readonly line: string;
  readonly struck: number;
  /** How many requests it may still befall; `always` where it never ends. */
  readonly left: number | 'always';
}

export interface FaultSet {
  /** Adds one line of the fault language; throws `invalid_params` where it is none. */
  add(line: string): void;
  clear(): void;
  list(): readonly FaultStatus[];
  /** What befalls this request: every delay that matches, and the first other fault; each counts as having struck. */
  strike(subject: PatternSubject): readonly StruckFault[];
}

export interface StruckFault {
  readonly line: string;
  readonly action: FaultAction;
}

export function createFaultSet(lines: readonly string[] = []): FaultSet {
  let faults: { readonly fault: Fault; struck: number }[] = [];

  function add(line: string): void {
    faults.push({ fault: parseFault(line), struck: 0 });
  }

  function strike(subject: PatternSubject): readonly StruckFault[] {
    const struck: StruckFault[] = [];
    for (const entry of faults) {
      const { fault } = entry;
      if (entry.struck >= fault.times || !matchesPattern(fault.pattern, subject)) continue;
      // There is no page before the first one; the fault waits for a page that can be one.
      if (fault.action.kind === 'duplicate-page' && (subject.page ?? 1) < 2) continue;
      entry.struck += 1;
      struck.push({ line: fault.line, action: fault.action });
      if (fault.action.kind !== 'delay') break;
    }
    return struck;
  }

  function list(): readonly FaultStatus[] {
    return faults.map(({ fault, struck }) => ({
      line: fault.line,
      struck,
      left: Number.isFinite(fault.times) ? fault.times - struck : 'always',
    }));
  }

  for (const line of lines) add(line);
  return {
    add,
    strike,
    list,
    clear: () => {
      faults = [];
    },
  };
}
