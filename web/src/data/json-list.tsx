import { useEffect, useState } from 'preact/hooks';
import { formatNumber } from '../app/format';
import { useShortcuts } from '../app/keyboard';
import { Button, Id, JsonView, Skeleton } from '../ui';
import type { RecordSource } from './record-source';

const PAGE = 50;

/** Records as JSON, fifty at a time. */
export function JsonList({ source, onOpen }: { source: RecordSource; onOpen: (id: string) => void }) {
    const [first, setFirst] = useState(() => (source.query.fromEnd ? Math.max(0, source.length - PAGE) : 0));
    const end = Math.min(first + PAGE, source.length);
    useEffect(() => source.show(first, first + PAGE), [first, source, source.version.value]);
    const more = end < source.length || !source.complete;
    const go = (to: number) => {
        setFirst(Math.max(0, to));
        document.querySelector('.json-list')?.scrollTo(0, 0);
    };
    useShortcuts('Pages', [
        { keys: 'n', label: 'Next page', run: () => { if (more) go(first + PAGE); } },
        { keys: 'p', label: 'Previous page', run: () => go(first - PAGE) },
    ]);
    return (
        <>
            <div class="json-list" tabIndex={0} role="group" aria-label="Records as JSON">
                {source.slice(first, end).map((row, index) => (row
                    ? (
                        <article key={row.id} aria-label={`Record ${row.id}`}>
                            <div class="line line-apart">
                                <Id value={row.id} />
                                <Button compact kind="plain" onClick={() => onOpen(row.id)}>Open record</Button>
                            </div>
                            <JsonView value={row.value} label={`Record ${row.id}`} />
                        </article>
                    )
                    : <Skeleton key={`unread ${index}`} lines={3} />))}
            </div>
            <div class="table-foot">
                <span>Records {formatNumber(source.base + first + 1)} to {formatNumber(source.base + end)}</span>
                <span class="line">
                    <Button compact disabled={first === 0} onClick={() => go(first - PAGE)}>Previous page</Button>
                    <Button compact disabled={!more} onClick={() => go(first + PAGE)}>Next page</Button>
                </span>
            </div>
        </>
    );
}
