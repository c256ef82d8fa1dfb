/** Pure. Where the dashboard shows what a report tells of. */
export interface ReportLinks {
  readonly run: string;
  /** What a held run would change, to approve or reject it; null for any other run. */
  readonly plan: string | null;
  /** What of the integration waits for a decision. */
  readonly conflicts: string;
  readonly integration: string;
  /** A record and its history, once `{entityType}` and `{recordId}` are filled in, percent-encoded (RFC 6570). */
  readonly record: string;
}

/** `dashboardUrl` is an origin, with or without a path. */
export function linkReport(
  dashboardUrl: string,
  run: {
    readonly customerId: string;
    readonly integrationId: string;
    readonly runId: string;
    readonly state: string;
  },
): ReportLinks {
  const customer = linkCustomer(dashboardUrl, run.customerId);
  const integration = `${customer}/integrations/${encodeURIComponent(run.integrationId)}`;
  const own = `${customer}/runs/${encodeURIComponent(run.runId)}`;
  return {
    run: own,
    plan: run.state === 'held' ? `${own}/plan` : null,
    conflicts: `${customer}/conflicts?integrationId=${encodeURIComponent(run.integrationId)}`,
    integration,
    record: `${integration}/records/{entityType}/{recordId}`,
  };
}

/** Where the dashboard shows a customer. */
export function linkCustomer(dashboardUrl: string, customerId: string): string {
  return `${dashboardUrl.replace(/\/+$/, '')}/customers/${encodeURIComponent(customerId)}`;
}

/** Where the dashboard shows a record, by a report's links. */
export function linkRecord({ record }: ReportLinks, entityType: string, recordId: string): string {
  const parts: Readonly<Record<string, string>> = { entityType, recordId };
  return record.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent((parts[name] ?? '').toWellFormed()),
  );
}
