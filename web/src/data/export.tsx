import { useState } from 'preact/hooks';
import { targetOf } from '@credvault/client';
import { api } from '../app/api';
import { plural } from '../app/format';
import { useAction } from '../app/load';
import { useSearch } from '../app/router';
import { Form, Section, SelectField, TextField, toast } from '../ui';
import { useFields } from './field-names';
import { FilterBar } from './filter-bar';
import { COLLECTION } from './places';
import type { TabProps } from './tab';
import { parsed } from './use-source';

export function Export({ database, collection, info }: TabProps) {
    const [text, setText] = useSearch('filter');
    const [format, setFormat] = useState('ndjson');
    const [only, setOnly] = useState('');
    const fields = useFields(database, collection, info);
    const { filter, wrong } = parsed(text);
    const names = only
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean)
        .join(',');
    const query = { format, ...(filter ? { filter } : {}), ...(names ? { fields: names } : {}) };
    const path = { database, collection };
    // The download is the browser's own: any size, and it shows how far it is. The call before it says what is wrong.
    const start = useAction(async () => {
        const page = await api
            .database(database)
            .collection(collection)
            .page({ limit: 1, ...(filter ? { filter } : {}), ...(names ? { fields: names } : {}) });
        const link = document.createElement('a');
        link.href = targetOf(`${COLLECTION}/export`, path, query);
        link.download = `${collection}.${format}`;
        document.body.append(link);
        link.click();
        link.remove();
        const total = page.pagination?.total ?? 0;
        toast(
            `Exporting ${page.pagination?.total_relation === 'gte' ? `more than ${plural(total, 'record')}` : plural(total, 'record')}: your browser saves the file`,
        );
    });
    return (
        <Section title="Export" about="Streamed as it is read. Records written meanwhile may or may not be in it.">
            <Form
                action={start}
                submit="Export records"
                fields={['fields']}
                disabled={wrong !== undefined}
                call={{ method: 'GET', path: `${COLLECTION}/export`, parameters: path, query }}
            >
                <FilterBar value={text} onApply={setText} fields={fields} error={wrong} label="Filter of the export" />
                <div class="form-line">
                    <SelectField
                        label="Format"
                        value={format}
                        onChange={setFormat}
                        options={[
                            ['ndjson', 'NDJSON: a record a line'],
                            ['json', 'JSON array'],
                            ['csv', 'CSV'],
                        ]}
                    />
                    <TextField
                        label="Fields"
                        name="fields"
                        error={start.error}
                        value={only}
                        onInput={setOnly}
                        class="mono"
                        placeholder="All"
                        hint="Separated by commas. Empty: all."
                    />
                </div>
            </Form>
        </Section>
    );
}
