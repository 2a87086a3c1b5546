// Sending a file: through the client, over XMLHttpRequest, which tells how far it is as fetch does not.
import { CredVault } from '@credvault/client';
import { api } from '../app/api';

type OnProgress = (sent: number, total: number) => void;

const fetchWithProgress = (onProgress: OnProgress) => (target: RequestInfo | URL, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open(init.method ?? 'GET', String(target));
        for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
        request.responseType = 'arraybuffer';
        request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
        request.onerror = () => reject(new TypeError('The connection broke'));
        request.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
        request.onload = () => {
            const headers = new Headers();
            for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
                const colon = line.indexOf(':');
                if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
            }
            const empty = [204, 205, 304].includes(request.status);
            resolve(new Response(empty ? null : (request.response as ArrayBuffer), { status: request.status, statusText: request.statusText, headers }));
        };
        init.signal?.addEventListener('abort', () => request.abort());
        request.send((init.body as XMLHttpRequestBodyInit | null | undefined) ?? null);
    });

/** The dashboard's client for one upload of any length. */
export async function uploader(onProgress: OnProgress): Promise<CredVault> {
    const client = new CredVault({ cookie: true, timeout: 0, retry: { attempts: 1 }, fetch: fetchWithProgress(onProgress) });
    // Renews the session first: nobody wants to send a file twice.
    await api.get('/v1/auth/me');
    client.transport.csrfToken = api.transport.csrfToken;
    return client;
}
