import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatDay } from '../app/format';
import type { ChartProps } from './chart';

export interface ChartHandle {
    update: (props: ChartProps) => void;
    destroy: () => void;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A canvas takes no light-dark(): the colour that it stands for now.
function resolved(name: string): string {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value || colour(name);
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const WHOLE = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

const BINARY = Array.from({ length: 6 }, (_, power) =>
    [1, 2, 5, 10, 20, 50, 100, 200, 500].map((step) => step * 1024 ** power),
).flat();

// Room for the whole of the first bar and of the last.
function halfBeyond(plot: uPlot, first: number, last: number): [number, number] {
    const times = plot.data[0];
    const half = times.length > 1 ? (times[1]! - times[0]!) / 2 : 43_200;
    return [first - half, last + half];
}

// A line shows nothing of a value without neighbours: it gets a point.
function alone(values: ArrayLike<number | null | undefined>): number[] {
    return Array.from(values, (_, index) => index).filter(
        (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
    );
}

// What has only begun stands at the right.
const minuteAtLeast = (_: uPlot, first: number, last: number): [number, number] => [Math.min(first, last - 60), last];

function rangeOf(props: ChartProps): uPlot.Scale {
    if (props.kind === 'bars' || props.utc) return { range: halfBeyond };
    return props.formatTime ? { range: minuteAtLeast } : {};
}

const TONES = { accent: '--accent', red: '--red', amber: '--amber', green: '--green', grey: '--text-quiet' } as const;

function optionsOf(props: ChartProps, width: number, tip: HTMLElement): uPlot.Options {
    const quiet = resolved('--text-quiet');
    const axis = {
        stroke: quiet,
        grid: { stroke: resolved('--border'), width: 1 },
        ticks: { show: false },
        font: '11px system-ui, sans-serif',
    };
    const words = props.formatTime ?? ((seconds: number) => formatDay(new Date(seconds * 1000)));
    const bars = props.kind === 'bars' ? { paths: uPlot.paths.bars!({ size: [0.7, 24], align: 0 }) } : {};
    return {
        width,
        // Days are those of UTC.
        tzDate: (seconds) =>
            uPlot.tzDate(
                new Date(seconds * 1000),
                props.formatTime && !props.utc ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'Etc/UTC',
            ),
        height: props.height ?? 160,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        scales: {
            x: { time: true, ...rangeOf(props) },
            y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        axes: [
            {
                ...axis,
                grid: { show: false },
                size: 26,
                space: 64,
                values: (_, values) =>
                    values.map(props.formatTick ?? props.formatTime ?? ((value) => day.format(value * 1000))),
            },
            {
                ...axis,
                size: 56,
                ...(props.kind === 'bars' ? { incrs: WHOLE } : {}),
                ...(props.binary ? { incrs: BINARY } : {}),
                values: (_, values) => values.map((value) => props.format(value)),
            },
        ],
        series: [
            {},
            ...props.series.map((series) => {
                const stroke = resolved(TONES[series.tone]);
                return {
                    label: series.label,
                    stroke,
                    width: props.kind === 'bars' ? 0 : 1.5,
                    points:
                        props.kind === 'bars'
                            ? { show: false }
                            : {
                                  show: true,
                                  size: 5,
                                  fill: stroke,
                                  filter: (plot: uPlot, at: number) => alone(plot.data[at] ?? []),
                              },
                    ...bars,
                    ...(props.kind === 'bars' ? { fill: stroke } : {}),
                };
            }),
        ],
        hooks: {
            setCursor: [
                (plot) => {
                    const index = plot.cursor.idx;
                    const time = index == null ? undefined : plot.data[0][index];
                    tip.hidden = time === undefined || (plot.cursor.left ?? -1) < 0;
                    if (tip.hidden || index == null || time === undefined) return;
                    tip.replaceChildren(
                        lineOf(words(time)),
                        ...props.series.map((series, at) => {
                            const value = plot.data[at + 1]?.[index];
                            return lineOf(`${series.label}: ${value == null ? 'none' : props.format(value)}`);
                        }),
                    );
                    const left = (plot.cursor.left ?? 0) + 64;
                    tip.style.left = `${Math.min(left, Math.max(0, plot.width - tip.offsetWidth - 4))}px`;
                    tip.style.top = '4px';
                },
            ],
        },
    };
}

function lineOf(text: string): HTMLElement {
    const line = document.createElement('div');
    line.textContent = text;
    return line;
}

const dataOf = (props: ChartProps) =>
    [props.times, ...props.series.map((series) => series.values)] as unknown as uPlot.AlignedData;

export function createChart(host: HTMLElement, first: ChartProps): ChartHandle {
    let props = first;
    const tip = document.createElement('div');
    tip.className = 'chart-tip';
    tip.hidden = true;
    let plot: uPlot | undefined;
    const draw = () => {
        plot?.destroy();
        host.replaceChildren();
        plot = new uPlot(optionsOf(props, host.clientWidth || 320, tip), dataOf(props), host);
        host.parentElement?.append(tip);
    };
    draw();
    const size = new ResizeObserver(() => plot?.setSize({ width: host.clientWidth, height: props.height ?? 160 }));
    size.observe(host);
    // Light turns to dark: by the system, or by the theme's attribute.
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    const attribute = new MutationObserver(draw);
    attribute.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return {
        update: (next) => {
            props = next;
            plot?.setData(dataOf(next));
        },
        destroy: () => {
            size.disconnect();
            attribute.disconnect();
            scheme.removeEventListener('change', draw);
            plot?.destroy();
            tip.remove();
        },
    };
}
