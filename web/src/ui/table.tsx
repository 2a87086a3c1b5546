// Rows of which only those that are seen are drawn; a head that stays; columns whose width is the user's.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useShortcuts } from '../app/keyboard';
import { Icon } from './icons';
import './table.css';

export interface Column<T> {
    id: string;
    header: ComponentChildren;
    /** For those who hear it, where the header is no text. */
    name?: string;
    /** Pixels, until the user has drawn it to another. */
    width?: number;
    align?: 'end';
    /** The name to sort by. */
    sort?: string;
    cell: (row: T, index: number) => ComponentChildren;
}

/** Rows by their place: an array, or what reads them as they are asked for. What is not there yet is undefined. */
export interface RowList<T> {
    readonly length: number;
    slice(first: number, end: number): readonly (T | undefined)[];
}

interface TableProps<T> {
    /** Under which the widths are remembered. */
    id: string;
    /** What the rows are. */
    label: string;
    columns: readonly Column<T>[];
    rows: RowList<T>;
    /** The place of the first of the rows in all that there are. */
    base?: number;
    /** Falls by each row that is put before the first, and rises by each that is taken away there: what is seen stays. */
    anchor?: number;
    /** Which of the rows are near what is seen. */
    onRange?: ((first: number, end: number) => void) | undefined;
    keyOf: (row: T) => string;
    /** Enter or a click on a row. */
    onOpen?: ((row: T) => void) | undefined;
    selected?: string | undefined;
    /** As the API takes it: 'name' or '-name'. */
    sort?: string | undefined;
    onSort?: (sort: string) => void;
    /** The last rows are near: read more. */
    onEnd?: (() => void) | undefined;
    /** Rows there are in all, where it is known. */
    total?: number | undefined;
    /** Shows the last row first, in place of the first. */
    startAtEnd?: boolean;
    /** Takes the height that is left on the page, which is a column. */
    fill?: boolean;
    /** j and k go through its rows: for the main table of a screen. */
    main?: boolean;
}

const ROW = 32;
const BEYOND = 10;
const LEAST = 56;
const LEAST_HEIGHT = 200;

export function Table<T>(props: TableProps<T>) {
    const {
        label,
        columns,
        rows,
        keyOf,
        onOpen,
        selected,
        sort,
        onSort,
        onEnd,
        onRange,
        total,
        fill,
        main,
        base = 0,
        anchor = 0,
    } = props;
    const box = useRef<HTMLDivElement>(null);
    const [seen, setSeen] = useState<[first: number, end: number]>([0, 40]);
    const [active, setActive] = useState(0);
    const [widths, setWidth] = useWidths(props.id, columns);
    const wanted = useRef<number | undefined>(undefined);

    const measure = () => {
        const node = box.current;
        if (!node) return;
        const first = Math.max(0, Math.floor(node.scrollTop / ROW) - BEYOND);
        const end = Math.ceil((node.scrollTop + node.clientHeight) / ROW) + BEYOND;
        setSeen((now) => (now[0] === first && now[1] === end ? now : [first, end]));
        if (onEnd && end >= rows.length) onEnd();
    };
    const anchorBefore = useRef(anchor);
    useLayoutEffect(() => {
        const by = anchorBefore.current - anchor;
        anchorBefore.current = anchor;
        if (by === 0 || !box.current) return;
        box.current.scrollTop += by * ROW;
        setActive((now) => Math.max(0, now + by));
    }, [anchor]);
    useLayoutEffect(() => {
        if (props.startAtEnd && box.current) {
            box.current.scrollTop = rows.length * ROW;
            setActive(rows.length - 1);
        }
    }, []);
    useLayoutEffect(measure, [rows.length, fill, anchor]);
    useEffect(() => onRange?.(seen[0], Math.min(seen[1], rows.length)), [seen, rows.length, onRange]);
    useEffect(() => {
        const watcher = new ResizeObserver(measure);
        if (box.current) watcher.observe(box.current);
        return () => watcher.disconnect();
    }, [rows.length, onEnd]);

    const rowAt = (index: number) => box.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`);
    const go = (index: number) => {
        const to = Math.max(0, Math.min(index, rows.length - 1));
        const node = box.current;
        if (!node || rows.length === 0) return;
        setActive(to);
        const top = to * ROW;
        if (top < node.scrollTop) node.scrollTop = top;
        else if (top + 2 * ROW > node.scrollTop + node.clientHeight) node.scrollTop = top + 2 * ROW - node.clientHeight;
        wanted.current = to;
        measure();
        rowAt(to)?.focus();
    };
    // The row to which the focus is to go may have been drawn only now.
    useLayoutEffect(() => {
        if (wanted.current === undefined) return;
        const node = rowAt(wanted.current);
        if (!node) return;
        wanted.current = undefined;
        node.focus();
    });

    const at = (index: number) => rows.slice(index, index + 1)[0];
    const inside = () => box.current?.contains(document.activeElement) ?? false;
    useShortcuts(
        main ? 'List' : '',
        main
            ? [
                  { keys: 'j', label: 'Next row', run: () => go(inside() ? active + 1 : active) },
                  { keys: 'k', label: 'Previous row', run: () => go(inside() ? active - 1 : active) },
                  ...(onOpen
                      ? [
                            {
                                keys: 'Enter',
                                label: 'Open the row',
                                run: () => {
                                    const row = at(active);
                                    if (inside() && row !== undefined) onOpen(row);
                                },
                            },
                        ]
                      : []),
              ]
            : [],
    );

    const onKeyDown = (event: KeyboardEvent) => {
        if (!(event.target instanceof HTMLTableRowElement)) return;
        const page = Math.floor((box.current?.clientHeight ?? 320) / ROW) - 2;
        const to = {
            ArrowDown: active + 1,
            ArrowUp: active - 1,
            PageDown: active + page,
            PageUp: active - page,
            Home: 0,
            End: rows.length - 1,
        }[event.key];
        const row = at(active);
        if (to !== undefined) go(to);
        else if (event.key === 'Enter' && onOpen && row !== undefined) onOpen(row);
        else return;
        event.preventDefault();
    };

    const first = Math.min(seen[0], Math.max(0, rows.length - 1));
    const end = Math.min(seen[1], rows.length);
    const focused = Math.min(active, rows.length - 1);
    return (
        <div
            ref={box}
            class={`table-box ${fill ? 'fill' : ''}`}
            onScroll={measure}
            tabIndex={rows.length === 0 ? 0 : -1}
            role="group"
            aria-label={label}
            style={fill ? { minHeight: `${Math.min((rows.length + 1) * ROW + 2, LEAST_HEIGHT)}px` } : {}}
        >
            <table
                class="table"
                aria-label={label}
                aria-rowcount={(total ?? base + rows.length) + 1}
                style={{ minWidth: `${widths.reduce((sum, width) => sum + width, 0)}px` }}
            >
                <colgroup>
                    {columns.map((column, index) => (
                        <col key={column.id} style={{ width: `${widths[index]}px` }} />
                    ))}
                </colgroup>
                <thead>
                    <tr aria-rowindex={1}>
                        {columns.map((column, index) => (
                            <Head
                                key={column.id}
                                column={column}
                                sort={sort}
                                onSort={onSort}
                                width={widths[index] ?? 160}
                                setWidth={(width) => setWidth(column.id, width)}
                                last={index === columns.length - 1}
                            />
                        ))}
                    </tr>
                </thead>
                <tbody onKeyDown={onKeyDown}>
                    {first > 0 && <Space rows={first} columns={columns.length} />}
                    {rows.slice(first, end).map((row, offset) => {
                        const index = first + offset;
                        if (row === undefined) {
                            return (
                                <tr key={`unread ${index}`} aria-rowindex={base + index + 2} aria-busy="true">
                                    <td colSpan={columns.length}>
                                        <span class="skeleton" />
                                    </td>
                                </tr>
                            );
                        }
                        const key = keyOf(row);
                        return (
                            <tr
                                key={key}
                                data-index={index}
                                data-key={key}
                                aria-rowindex={base + index + 2}
                                tabIndex={index === focused ? 0 : -1}
                                class={onOpen ? 'opens' : ''}
                                aria-selected={selected === undefined ? undefined : key === selected}
                                onFocus={(event) => {
                                    if (event.target === event.currentTarget) setActive(index);
                                }}
                                onClick={
                                    onOpen &&
                                    (() => {
                                        if (!getSelection()?.toString()) {
                                            setActive(index);
                                            onOpen(row);
                                        }
                                    })
                                }
                            >
                                {columns.map((column) => (
                                    <td key={column.id} class={column.align ?? ''}>
                                        {column.cell(row, index)}
                                    </td>
                                ))}
                            </tr>
                        );
                    })}
                    {end < rows.length && <Space rows={rows.length - end} columns={columns.length} />}
                </tbody>
            </table>
        </div>
    );
}

const Space = ({ rows, columns }: { rows: number; columns: number }) => (
    <tr class="space" aria-hidden="true">
        <td colSpan={columns} style={{ height: `${rows * ROW}px` }} />
    </tr>
);

function Head<T>({
    column,
    sort,
    onSort,
    width,
    setWidth,
    last,
}: {
    column: Column<T>;
    sort: string | undefined;
    onSort: ((sort: string) => void) | undefined;
    width: number;
    setWidth: (width: number) => void;
    last: boolean;
}) {
    const up = column.sort !== undefined && sort === column.sort;
    const down = column.sort !== undefined && sort === `-${column.sort}`;
    const by = column.sort;
    const name = column.name ?? (typeof column.header === 'string' ? column.header : column.id);
    return (
        <th scope="col" class={column.align ?? ''} aria-sort={up ? 'ascending' : down ? 'descending' : undefined}>
            {by !== undefined && onSort ? (
                <button type="button" class="head" onClick={() => onSort(up ? `-${by}` : by)}>
                    {column.header}
                    {(up || down) && <Icon name={up ? 'up' : 'down'} size={12} />}
                </button>
            ) : (
                <div class="head">
                    {column.name ? <span class="unseen">{column.name}</span> : null}
                    {column.header}
                </div>
            )}
            {!last && <Resizer name={name} width={width} setWidth={setWidth} />}
        </th>
    );
}

function Resizer({ name, width, setWidth }: { name: string; width: number; setWidth: (width: number) => void }) {
    const start = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
        event.preventDefault();
        const from = event.clientX;
        const handle = event.currentTarget;
        const move = (at: PointerEvent) => setWidth(width + at.clientX - from);
        handle.setPointerCapture(event.pointerId);
        handle.addEventListener('pointermove', move);
        handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
            once: true,
        });
    };
    return (
        <div
            class="resize"
            role="separator"
            aria-orientation="vertical"
            tabIndex={0}
            aria-label={`Width of ${name}`}
            aria-valuenow={Math.round(width)}
            aria-valuemin={LEAST}
            aria-valuemax={1200}
            onPointerDown={start}
            onKeyDown={(event) => {
                const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
                if (by === undefined) return;
                event.preventDefault();
                event.stopPropagation();
                setWidth(width + by);
            }}
        />
    );
}

function useWidths<T>(id: string, columns: readonly Column<T>[]): [number[], (column: string, width: number) => void] {
    const key = `credvault.widths.${id}`;
    const [drawn, setDrawn] = useState<Record<string, number>>(
        () => JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, number>,
    );
    const set = (column: string, width: number) => {
        setDrawn((now) => {
            const next = { ...now, [column]: Math.max(LEAST, Math.min(Math.round(width), 1200)) };
            localStorage.setItem(key, JSON.stringify(next));
            return next;
        });
    };
    return [columns.map((column) => drawn[column.id] ?? column.width ?? 160), set];
}
