import type { ButtonHTMLAttributes, MouseEvent } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: what most come for, once a page; `danger`: takes something away. */
  readonly kind?: 'main' | 'plain' | 'quiet' | 'danger';
  /** Goes on at this moment: cannot be pressed again, and says so. It keeps the focus, which browsers take from what is disabled. */
  readonly isBusy?: boolean;
}

export function Button({ kind = 'plain', isBusy = false, type = 'button', onClick, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`${styles.button} ${styles[kind]}`}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? refuse : onClick}
    />
  );
}

/** Enter in a field of the form clicks its button too. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
}
