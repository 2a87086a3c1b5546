// Databases, and the collections of one: found by name, listed, created.
import { useState } from 'preact/hooks';
import type { Answer } from '@credvault/client';
import { formatNumber, plural } from '../app/format';
import { useCommands } from '../app/commands';
import { useShortcuts } from '../app/keyboard';
import { invalidate, useAction, type Loaded } from '../app/load';
import { navigate, useSearch } from '../app/router';
import {
    Button,
    CallSnippet,
    Empty,
    FormDialog,
    Menu,
    Show,
    Table,
    TextField,
    Time,
    type ApiCall,
    type Column,
} from '../ui';
import { Finder } from './finder';

type What = 'database' | 'collection';

interface Place {
    name?: string | undefined;
    created_at?: string | undefined;
}

/** As many as a list reads; others are found by name. */
export const LISTED = 1000;

export const createText = (what: What): string => `Create ${what}`;

/** `c` and the palette create one, where the user may. */
export function useCreation(what: What, manage: boolean, run: () => void): void {
    const section = what === 'database' ? 'Databases' : 'Collections';
    useShortcuts(section, manage ? [{ keys: 'c', label: createText(what), run }] : []);
    useCommands(manage ? [{ title: createText(what), section: 'Data', icon: 'add', run, key: 'c' }] : []);
}

/** The columns of a list of places: the name, what is particular to them, and what can be done with one. */
export function placeColumns<T extends Place>(
    what: What,
    pathOf: (name: string) => string,
    own: readonly Column<T>[],
    remove: ((place: T) => void) | undefined,
): Column<T>[] {
    return [
        {
            id: 'name',
            header: 'Name',
            width: 240,
            cell: (row) => (
                <a href={pathOf(row.name ?? '')} onClick={(event) => event.stopPropagation()}>
                    {row.name}
                </a>
            ),
        },
        ...own,
        { id: 'created', header: 'Created', width: 150, cell: (row) => <Time value={row.created_at} /> },
        {
            id: 'more',
            header: '',
            name: 'Actions',
            width: 56,
            align: 'end',
            cell: (row) =>
                remove && (
                    <Menu
                        label={`Actions for ${row.name}`}
                        icon="more"
                        items={[{ label: `Delete ${what}`, icon: 'trash', danger: true, run: () => remove(row) }]}
                    />
                ),
        },
    ];
}

/** The list itself; the URL's `find` is what their names have in them. */
export function PlaceList<T extends Place>({
    what,
    list,
    columns,
    pathOf,
    call,
    none,
    create,
}: {
    what: What;
    list: Loaded<Answer<T[]>>;
    columns: readonly Column<T>[];
    pathOf: (name: string) => string;
    call: ApiCall;
    /** What to do where there is none yet. */
    none: string;
    /** undefined where the user may not. */
    create: (() => void) | undefined;
}) {
    const [find] = useSearch('find');
    return (
        <>
            <Finder label={`Find ${what}s by name`} />
            <Show loaded={list}>
                {({ data, pagination }) =>
                    data.length === 0 ? (
                        <None what={what} find={find} none={none} create={create} />
                    ) : (
                        <>
                            <Table
                                id={`${what}s`}
                                label={what === 'database' ? 'Databases' : 'Collections'}
                                columns={columns}
                                rows={data}
                                keyOf={(row) => row.name ?? ''}
                                onOpen={(row) => navigate(pathOf(row.name ?? ''))}
                                main
                                fill
                            />
                            <div class="table-foot">
                                <span>
                                    {pagination?.total !== undefined && pagination.total > data.length
                                        ? `The first ${formatNumber(data.length)} of ${plural(pagination.total, what)}. Find others by name.`
                                        : plural(data.length, what)}
                                </span>
                            </div>
                        </>
                    )
                }
            </Show>
            <CallSnippet call={{ ...call, query: { sort: 'name', ...(find && { 'name[contains]': find }) } }} />
        </>
    );
}

function None({
    what,
    find,
    none,
    create,
}: {
    what: What;
    find: string;
    none: string;
    create: (() => void) | undefined;
}) {
    if (find) return <Empty title={`No ${what} has “${find}” in its name`} />;
    return (
        <Empty
            title={`No ${what} yet`}
            action={
                create && (
                    <Button kind="primary" icon="add" onClick={create}>
                        {createText(what)}
                    </Button>
                )
            }
        >
            {create ? none : 'Ask an admin of the workspace to create one.'}
        </Empty>
    );
}

/** Asks for the name of a new one. */
export function CreatePlace({
    what,
    call,
    create,
    pathOf,
    onClose,
}: {
    what: What;
    call: ApiCall;
    create: (name: string) => Promise<unknown>;
    pathOf: (name: string) => string;
    onClose: () => void;
}) {
    const [name, setName] = useState('');
    const action = useAction(async () => {
        await create(name);
        invalidate('databases');
        onClose();
        navigate(pathOf(name));
    });
    return (
        <FormDialog
            title={createText(what)}
            action={action}
            submit={createText(what)}
            fields={['name']}
            call={{ ...call, body: { name } }}
            onClose={onClose}
        >
            <TextField
                label="Name"
                name="name"
                error={action.error}
                value={name}
                onInput={setName}
                hint="1 to 64 letters, digits, _ and -, starting with a letter. It can't be changed later."
            />
        </FormDialog>
    );
}
