// Reading bodies that come bit by bit.

/** The lines of a body, without their ends. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    try {
        for (;;) {
            const { done, value } = await reader.read();
            rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
            const lines = rest.split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
            if (done) break;
        }
        if (rest) yield rest;
    } finally {
        await reader.cancel().catch(() => {});
    }
}

export interface ServerEvent {
    id: string | undefined;
    event: string;
    /** Empty where the block was a sign of life. */
    data: string;
}

/** Server-sent events, blocks without data included: their id is a good place to go on from. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
    let event: ServerEvent = { id: undefined, event: 'message', data: '' };
    let seen = false;
    for await (const line of linesOf(body)) {
        if (line === '') {
            if (seen) yield { ...event, data: event.data.replace(/\n$/, '') };
            event = { id: undefined, event: 'message', data: '' };
            seen = false;
            continue;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === '') continue;
        seen = true;
        if (field === 'id') event.id = value;
        else if (field === 'event') event.event = value;
        else if (field === 'data') event.data += `${value}\n`;
    }
}
