import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Conflict } from './conflict.ts';

interface KeyTargets {
  readonly conflicts: readonly Conflict[];
  readonly mayChange: boolean;
  readonly hasLetters: boolean;
  readonly onSelect: (conflict: Conflict) => void;
  readonly onChoose: (conflict: Conflict, side: 'ours' | 'theirs') => void;
  readonly onOpen: (conflict: Conflict) => void;
  readonly onReview: () => void;
  readonly onShowKeys: () => void;
}

/** Keys that move: from where, of how many, to where. */
const moves: Readonly<Record<string, (from: number, count: number) => number>> = {
  j: (from, count) => Math.min(from + 1, count - 1),
  ArrowDown: (from, count) => Math.min(from + 1, count - 1),
  k: (from) => Math.max(from - 1, 0),
  ArrowUp: (from) => Math.max(from - 1, 0),
  Home: () => 0,
  End: (_from, count) => count - 1,
};

/**
 * The row that has the focus, or had it last. Letters work on the whole page, but for where one types; the other keys on a row, so that the
 * page scrolls and its buttons work as everywhere.
 */
export function useConflictKeys(body: RefObject<HTMLElement | null>, targets: KeyTargets): number {
  const [seen, setCurrent] = useState(0);
  const { conflicts } = targets;
  const current = Math.min(seen, Math.max(conflicts.length - 1, 0));

  // Before what was rendered is seen: whoever presses a key means what is on the page.
  useLayoutEffect(() => {
    const rows = () => [...(body.current?.children ?? [])].filter((row) => row instanceof HTMLElement);
    const rowOf = (target: EventTarget | null) =>
      rows().findIndex((row) => target instanceof Node && row.contains(target));

    function noteFocus({ target }: FocusEvent): void {
      const at = rowOf(target);
      if (at >= 0) setCurrent(at);
    }

    function onKey(event: KeyboardEvent): void {
      const { key, target } = event;
      if (event.ctrlKey || event.altKey || event.metaKey || isElsewhere(target)) return;
      const isLetter = key.length === 1 && key !== ' ';
      const at = rowOf(target);
      if (isLetter ? !targets.hasLetters : rows()[at] !== target) return;
      if (act(key, at)) event.preventDefault();
    }

    function act(key: string, at: number): boolean {
      if (key === '?') targets.onShowKeys();
      else if (key === 'd') targets.onReview();
      else if (Object.hasOwn(moves, key)) moveBy(key, at);
      else return actOn(key, conflicts[at]);
      return true;
    }

    function moveBy(key: string, at: number): void {
      const to = at < 0 ? current : (moves[key]?.(at, conflicts.length) ?? at);
      const row = rows()[to];
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    }

    function actOn(key: string, conflict: Conflict | undefined): boolean {
      if (conflict === undefined) return false;
      if (key === 'Enter') targets.onOpen(conflict);
      else if (!targets.mayChange) return false;
      else if (key === 'o') targets.onChoose(conflict, 'ours');
      else if (key === 't') targets.onChoose(conflict, 'theirs');
      else if (key === 'x' || key === ' ') targets.onSelect(conflict);
      else return false;
      return true;
    }

    document.addEventListener('keydown', onKey);
    document.addEventListener('focusin', noteFocus);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('focusin', noteFocus);
    };
  }, [body, targets, conflicts, current]);

  return current;
}

/** Where letters are typed, or in a dialog. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('dialog, select, textarea') !== null) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}
