import { formatBytes, formatNumber } from '../app/format';
import type { Limits } from '../app/resources';
import { Progress } from '../ui';

const QUOTAS: readonly (readonly [name: keyof Limits['quotas'], label: string, format: (value: number) => string])[] = [
    ['records', 'Records', formatNumber],
    ['storage_bytes', 'Storage', formatBytes],
    ['keys', 'API keys', formatNumber],
    ['members', 'Members', formatNumber],
    ['webhooks', 'Webhooks', formatNumber],
];

/** What the workspace holds, and what is left where the tier sets a limit. */
export function Quotas({ limits }: { limits: Limits }) {
    return (
        <div>
            {QUOTAS.map(([name, label, format]) => {
                const { used, limit } = limits.quotas[name];
                const share = limit === undefined ? 0 : used / limit;
                return (
                    <div key={name} class="quota">
                        <span>{label}</span>
                        <span>
                            {format(used)}{' '}
                            {limit === undefined ? (
                                <span class="quiet">used, no limit</span>
                            ) : (
                                <span class="quiet">
                                    of {format(limit)}, {format(Math.max(0, limit - used))} left
                                </span>
                            )}
                        </span>
                        {limit !== undefined && (
                            <Progress
                                label={label}
                                done={used}
                                total={limit}
                                tone={share >= 1 ? 'red' : share >= 0.8 ? 'amber' : undefined}
                            />
                        )}
                    </div>
                );
            })}
        </div>
    );
}
