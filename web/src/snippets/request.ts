/** A request as it goes over the wire. */
export interface SnippetRequest {
    method: string;
    url: string;
    headers: [string, string][];
    /** The body as sent. Carried as it is, so that integers beyond 2^53 and odd white space survive. */
    body?: string;
}

/** Characters that no URL may hold, percent-encoded; what is encoded already stays so. */
export const safeUrl = (url: string) => url.replace(/[^!-~]|["<>\\^`{|}]/gu, encodeURIComponent);

const isType = ([name]: [string, string]) => name.toLowerCase() === 'content-type';

/** Many clients call a body a form where nobody says what it is: then it is said that it is bytes. */
export function typed(request: SnippetRequest): SnippetRequest {
    if (request.body === undefined || request.headers.some(isType)) return request;
    return { ...request, headers: [...request.headers, ['Content-Type', 'application/octet-stream']] };
}

/** The headers, Content-Type apart where a language sets it with the body. */
export function splitContentType(request: SnippetRequest): { type: string | undefined; others: [string, string][] } {
    return { type: request.headers.find(isType)?.[1], others: request.headers.filter((header) => !isType(header)) };
}
