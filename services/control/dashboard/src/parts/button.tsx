import type { ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: what most come for, once a page; `danger`: takes something away. */
  readonly kind?: 'main' | 'plain' | 'quiet' | 'danger';
  /** Goes on at this moment: cannot be pressed again, and says so. */
  readonly isBusy?: boolean;
}

export function Button({ kind = 'plain', isBusy = false, type = 'button', disabled, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`${styles.button} ${styles[kind]}`}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
    />
  );
}
