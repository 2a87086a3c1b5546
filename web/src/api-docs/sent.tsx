import type { SentRequest } from './system';

const visible = (value: string) => value.replace(/^(\S+\s+\S{0,12}).*$/, '$1…');

/** The request as it went out, but for the credential. */
export function Sent({ request }: { request: SentRequest }) {
    const { pathname, search } = new URL(request.url, location.href);
    const headers = Object.entries(request.headers ?? {}).map(
        ([name, value]) => `${name}: ${name.toLowerCase() === 'authorization' ? visible(value) : name === 'X-CSRF-Token' ? '…' : value}`,
    );
    const body = typeof request.body === 'string' ? ['', request.body] : request.body ? ['', '(a file)'] : [];
    return (
        <section>
            <h4>Request as sent</h4>
            <pre class="explorer-code" tabIndex={0} aria-label="Request as sent">
                {[`${request.method} ${pathname}${search}`, ...headers, ...body].join('\n')}
            </pre>
        </section>
    );
}
