// All parts on one page, for those who make screens and for the screenshots.
import { useState } from 'preact/hooks';
import {
    Badge,
    Button,
    CallSnippet,
    Chart,
    Check,
    CodeBox,
    Confirm,
    Dialog,
    Drawer,
    Empty,
    ErrorNotice,
    FieldSet,
    Id,
    JsonEditor,
    JsonView,
    Menu,
    Notice,
    Page,
    Pairs,
    Progress,
    Section,
    SelectField,
    Skeleton,
    Table,
    TextField,
    Time,
    toast,
    type Column,
} from '.';
import { ApiError } from '@credvault/client';
import { formatBytes, formatNumber } from '../app/format';
import { useShortcuts } from '../app/keyboard';

interface Row {
    id: string;
    name: string;
    size: number;
    state: string;
}
const rows: Row[] = Array.from({ length: 100_000 }, (_, index) => ({
    id: `rec_${String(index).padStart(6, '0')}`,
    name: `Row ${index}`,
    size: (index * 7919) % 1_000_003,
    state: index % 7 === 0 ? 'failed' : 'done',
}));
const columns: Column<Row>[] = [
    { id: 'id', header: 'Id', width: 140, cell: (row) => <Id value={row.id} /> },
    { id: 'name', header: 'Name', width: 220, sort: 'name', cell: (row) => row.name },
    { id: 'size', header: 'Size', width: 120, align: 'end', sort: 'size', cell: (row) => formatBytes(row.size) },
    {
        id: 'state',
        header: 'State',
        width: 120,
        cell: (row) => <Badge tone={row.state === 'done' ? 'green' : 'red'}>{row.state}</Badge>,
    },
];
const day = 86_400;
const times = Array.from({ length: 30 }, (_, index) => 1_767_225_600 + index * day);
const refused = new ApiError(
    409,
    'ALREADY_EXISTS',
    "A database 'shop' exists already; choose another name",
    'name',
    [],
    'req_4mX0p2n7Qz1cK9sT3bVd',
    undefined,
    undefined,
);

export default function PartsPage() {
    const [text, setText] = useState('shop');
    const [json, setJson] = useState('{\n  "name": "Ada",\n  "age": 36,\n  "big": 9223372036854775807\n}');
    const [shown, setShown] = useState<'dialog' | 'drawer' | 'confirm' | undefined>();
    const [sort, setSort] = useState('name');
    useShortcuts('Parts', [{ keys: 'd', label: 'Open the dialog', run: () => setShown('dialog') }]);
    const close = () => setShown(undefined);
    return (
        <Page
            title="Parts"
            about="Every part of the dashboard, each once."
            actions={
                <>
                    <Button>Second thing</Button>
                    <Button kind="primary" icon="add">
                        Create thing
                    </Button>
                </>
            }
        >
            <Section title="Buttons, badges, menu">
                <div class="line">
                    <Button onClick={() => setShown('dialog')}>Open dialog</Button>
                    <Button onClick={() => setShown('drawer')}>Open drawer</Button>
                    <Button kind="danger" onClick={() => setShown('confirm')}>
                        Delete thing
                    </Button>
                    <Button kind="plain">Plain</Button>
                    <Button busy>Busy</Button>
                    <Button disabled>Disabled</Button>
                    <Button compact>Compact</Button>
                    <Button onClick={() => toast('The record was deleted', { undo: () => toast('It is back') })}>
                        Show toast
                    </Button>
                    <Menu
                        label="More"
                        icon="more"
                        items={[
                            { label: 'Edit thing', icon: 'settings', key: 'E' },
                            'rule',
                            { label: 'Delete thing', danger: true, icon: 'trash' },
                        ]}
                    />
                </div>
                <div class="line">
                    <Badge>grey</Badge>
                    <Badge tone="green">active</Badge>
                    <Badge tone="amber">expires soon</Badge>
                    <Badge tone="red">revoked</Badge>
                    <Badge tone="accent">new</Badge>
                    <Badge plain>plain</Badge>
                </div>
            </Section>
            <Section title="Fields">
                <div class="stack">
                    <TextField
                        label="Name"
                        name="name"
                        error={refused}
                        value={text}
                        onInput={setText}
                        hint="1 to 64 letters, digits, _ and -"
                    />
                    <SelectField
                        label="Role"
                        value="viewer"
                        onChange={() => {}}
                        options={[
                            ['viewer', 'Viewer'],
                            ['owner', 'Owner'],
                        ]}
                    />
                    <FieldSet legend="Scopes">
                        <Check label="database:read" hint="Reads records" checked onChange={() => {}} />
                        <Check label="database:write" checked={false} onChange={() => {}} />
                    </FieldSet>
                    <ErrorNotice error={refused} onRetry={() => {}} />
                    <Notice tone="amber">
                        <p>The workspace has used 91% of its records.</p>
                    </Notice>
                    <Notice>
                        <p>Nothing is wrong.</p>
                    </Notice>
                </div>
            </Section>
            <Section title="Table">
                <Table
                    id="parts"
                    label="Rows"
                    columns={columns}
                    rows={rows}
                    keyOf={(row) => row.id}
                    sort={sort}
                    onSort={setSort}
                    onOpen={() => setShown('drawer')}
                    main
                />
            </Section>
            <Section title="JSON">
                <JsonView
                    value={{
                        name: 'Ada',
                        tags: ['a', 'b'],
                        address: { city: 'London', lines: [1, 2, 3], deep: { deeper: true } },
                        none: null,
                        big: 9223372036854775807n,
                    }}
                />
                <JsonEditor label="A record" value={json} onInput={setJson} words={['name', 'age', '$gt']} />
            </Section>
            <Section title="Chart">
                <Chart
                    label="Requests a day"
                    times={times}
                    format={formatNumber}
                    kind="bars"
                    series={[
                        {
                            label: 'Requests',
                            tone: 'accent',
                            values: times.map((_, index) => 400 + ((index * 7919) % 523)),
                        },
                    ]}
                />
            </Section>
            <Section title="Values">
                <Pairs
                    entries={[
                        ['Id', <Id value="key_4f7Qd2h8" />],
                        ['Made', <Time value={new Date(Date.now() - 7_300_000).toISOString()} />],
                        ['Storage', <Progress label="Storage" done={70} total={100} />],
                        ['Waiting', <Progress label="Import" done={70} />],
                    ]}
                />
                <Skeleton lines={2} />
                <Empty title="No keys yet" action={<Button kind="primary">Create key</Button>}>
                    A key lets a program use the API.
                </Empty>
            </Section>
            <Section title="Snippets">
                <CallSnippet open call={{ method: 'POST', path: '/v1/databases', body: { name: text } }} />
                <CodeBox label="Secret" text="cv_live_…" />
            </Section>
            {shown === 'dialog' && (
                <Dialog
                    title="Create thing"
                    onClose={close}
                    onSubmit={close}
                    footer={
                        <>
                            <Button onClick={close}>Cancel</Button>
                            <Button kind="primary" type="submit">
                                Create thing
                            </Button>
                        </>
                    }
                >
                    <TextField label="Name" value={text} onInput={setText} />
                </Dialog>
            )}
            {shown === 'drawer' && (
                <Drawer title="rec_000001" onClose={close}>
                    <JsonView value={{ id: 'rec_000001' }} />
                </Drawer>
            )}
            {shown === 'confirm' && (
                <Confirm
                    title="Delete thing"
                    confirm="Delete thing"
                    repeat="shop"
                    call={{ method: 'DELETE', path: '/v1/databases/shop' }}
                    onClose={close}
                    onConfirm={async () => {}}
                >
                    <p>3 collections and 12,000 records will be lost.</p>
                </Confirm>
            )}
        </Page>
    );
}
