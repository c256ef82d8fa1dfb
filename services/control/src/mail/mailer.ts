/** A mail for one recipient. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** `<…@…>`: the same mail sent again has the same. */
  readonly messageId: string;
}

export interface Mailer {
  /** Whom mails are from, as configured. */
  readonly from: string;
  /**
   * Resolves once the mail server has taken it. Fails with `invalid_params` where that server will never take a mail for this address,
   * with `config_invalid` where it does not take mails of us, with `unavailable` where it may take this one later.
   */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
  close(): void;
}
