// A chart over time by uPlot, loaded when one is first shown; the same figures stand in a table for those who hear it.
import { useEffect, useRef } from 'preact/hooks';
import { CodeMissing, useCode } from './code';
import { formatDay } from '../app/format';
import type { ChartHandle } from './chart-impl';
import './chart.css';

export interface Series {
    label: string;
    values: readonly (number | null)[];
    tone: 'accent' | 'red' | 'amber' | 'green' | 'grey';
}

export interface ChartProps {
    label: string;
    /** Seconds since 1970. */
    times: readonly number[];
    series: readonly Series[];
    format: (value: number) => string;
    height?: number;
    /** Bars are for whole numbers. */
    kind?: 'line' | 'bars';
    /** The times are the beginnings of hours or days of UTC: there is room around the first and the last. */
    utc?: boolean;
    /** The values are sizes: the axis has steps of 1, 2 or 5 times a power of 1024. */
    binary?: boolean;
    /** What stands at the times, in words; where they are not days. */
    formatTime?: (seconds: number) => string;
    /** The same, short enough for an axis. */
    formatTick?: (seconds: number) => string;
}

const loadChart = () => import('./chart-impl');

export function Chart(props: ChartProps) {
    const host = useRef<HTMLDivElement>(null);
    const chart = useRef<ChartHandle | undefined>(undefined);
    const latest = useRef(props);
    latest.current = props;
    const { code, failed } = useCode(loadChart);
    useEffect(() => {
        if (!code || !host.current) return undefined;
        chart.current = code.createChart(host.current, latest.current);
        return () => {
            chart.current?.destroy();
            chart.current = undefined;
        };
    }, [code, props.series.map((series) => series.label).join('|'), props.kind, props.height]);
    useEffect(() => chart.current?.update(props), [props.times, props.series]);
    const words = props.formatTime ?? ((seconds: number) => formatDay(new Date(seconds * 1000)));
    return (
        <figure class="chart">
            {failed && <CodeMissing what="What draws the chart" />}
            <div ref={host} class="chart-host" style={{ height: `${props.height ?? 160}px` }} aria-hidden="true" />
            <figcaption class="unseen">
                <table>
                    <caption>{props.label}</caption>
                    <thead>
                        <tr>
                            <th scope="col">Time</th>
                            {props.series.map((series) => (
                                <th key={series.label} scope="col">
                                    {series.label}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {props.times.map((time, index) => (
                            <tr key={time}>
                                <th scope="row">{words(time)}</th>
                                {props.series.map((series) => (
                                    <td key={series.label}>
                                        {series.values[index] == null
                                            ? 'none'
                                            : props.format(series.values[index] ?? 0)}
                                    </td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </figcaption>
        </figure>
    );
}
