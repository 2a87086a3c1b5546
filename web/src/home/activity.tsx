import { api } from '../app/api';
import { useLoad } from '../app/load';
import type { AuditEntry } from '../app/resources';
import { actionWords } from '../settings/audit-words';
import { Badge, Empty, Section, Show, Time } from '../ui';

/** The audit log's latest entries, without sessions that are refreshed. */
export function Activity() {
    const entries = useLoad(
        'audit?latest',
        async (signal) =>
            (
                await api.get('/v1/audit-logs', {
                    query: {
                        sort: '-seq',
                        limit: 10,
                        count: 'none',
                        filters: { 'action[nin]': 'refreshSession,getMe' },
                    },
                    signal,
                })
            ).data as AuditEntry[],
    );
    return (
        <Section title="Recent activity" actions={<a href="/settings/audit">Audit log</a>}>
            <Show loaded={entries}>
                {(rows) =>
                    rows.length === 0 ? (
                        <Empty title="Nothing has happened yet" />
                    ) : (
                        <ul class="activity">
                            {rows.map((entry) => (
                                <li key={entry.id}>
                                    <span class="grow cut">
                                        <a href={`/settings/audit?entry=${entry.id}`}>{actionWords(entry.action)}</a>{' '}
                                        <span class="quiet">{entry.target?.replace(/^\/v1\//, '')}</span>
                                    </span>
                                    {entry.outcome !== 'success' && <Badge tone="red">{entry.outcome}</Badge>}
                                    <Time value={entry.at} />
                                </li>
                            ))}
                        </ul>
                    )
                }
            </Show>
        </Section>
    );
}
