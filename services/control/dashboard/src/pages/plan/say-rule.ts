type Action = 'create' | 'update' | 'delete';

/**
 * Pure. Why a record is created or deleted, for people. The merge says which side changed; of a whole record that is that it came, or went
 * from the side's list. `direction`: where it is created or deleted.
 */
export function sayRule(rule: string, direction: 'toOurs' | 'toTheirs', action: Action): string {
  if (rule === 'theirs changed' && direction === 'toOurs') return theirs[action] ?? rule;
  if (rule === 'ours changed' && direction === 'toTheirs') return ours[action] ?? rule;
  return rule;
}

const theirs: { readonly [Each in Action]?: string } = {
  create: "new in the vendor's list",
  delete: "no longer in the vendor's list",
};

const ours: { readonly [Each in Action]?: string } = { create: 'new here', delete: 'deleted here' };
