import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';
import styles from './button.module.css';

interface LooksProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly kind?: 'main' | 'plain';
}

function Looks({ kind = 'plain', children, ...rest }: LooksProps) {
  return (
    <a {...rest} className={`${styles.button} ${styles[kind]} ${styles.link}`}>
      {children}
    </a>
  );
}

/** A way to another page that looks like a button, where it is what one came for. */
export const ButtonLink = createLink(Looks);
