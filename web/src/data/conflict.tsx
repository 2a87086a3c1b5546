// Somebody else changed the record that is being edited: both versions, and what to do.
import { plural } from '../app/format';
import { Button, CallSnippet, ErrorNotice, JsonEditor, Notice, type ApiCall } from '../ui';
import { differences } from './json-text';

interface ConflictProps {
    /** As it was when editing began. */
    before: string;
    mine: string;
    /** undefined: it was deleted. */
    theirs: string | undefined;
    onInput: (text: string) => void;
    onMine: () => void;
    onTheirs: () => void;
    busy: boolean;
    error: unknown;
    wrong: string | undefined;
    /** What saving mine sends. */
    call: ApiCall;
}

const named = (names: string[]) => (names.length > 8 ? plural(names.length, 'field') : names.join(', ') || 'nothing');

export function Conflict({ before, mine, theirs, onInput, onMine, onTheirs, busy, error, wrong, call }: ConflictProps) {
    const changed = theirs === undefined ? [] : differences(before, theirs);
    const own = wrong ? [] : differences(before, mine);
    const both = changed.filter((name) => own.includes(name));
    return (
        <form
            class="stack"
            aria-label="Conflict"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                if (!wrong) onMine();
            }}
        >
            <Notice tone="amber" live>
                {theirs === undefined ? (
                    <p>This record was deleted since you opened it. Nothing was saved.</p>
                ) : (
                    <p>
                        This record was changed since you opened it. Nothing was saved: choose what holds, or put both
                        together.
                    </p>
                )}
                {theirs !== undefined && (
                    <p>
                        They changed {named(changed)}; you changed {named(own)}
                        {both.length > 0 ? `; both of you ${named(both)}` : ''}.
                    </p>
                )}
            </Notice>
            {theirs !== undefined && (
                <section aria-label="Now stored" class="stack-tight">
                    <h3>Now stored</h3>
                    <JsonEditor value={theirs} label="Now stored" readOnly minHeight={120} />
                </section>
            )}
            <section aria-label="Yours" class="stack-tight">
                <h3>Yours</h3>
                <JsonEditor value={mine} label="Your version" onInput={onInput} minHeight={120} />
                {wrong && (
                    <p class="quiet small" role="status">
                        {wrong}
                    </p>
                )}
            </section>
            <ErrorNotice error={error} />
            <div class="line">
                <Button kind="primary" type="submit" busy={busy} disabled={wrong !== undefined}>
                    {theirs === undefined ? 'Insert mine again' : 'Save mine over it'}
                </Button>
                <Button onClick={onTheirs}>{theirs === undefined ? 'Leave it deleted' : 'Keep what is stored'}</Button>
            </div>
            <CallSnippet call={call} />
        </form>
    );
}
