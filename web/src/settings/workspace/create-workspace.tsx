import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { switchWorkspace } from '../../app/session';
import { noteElsewhere } from '../../home/elsewhere';
import { FormDialog, TextField, toast } from '../../ui';

export function CreateWorkspace({ onClose }: { onClose: () => void }) {
    const [name, setName] = useState('');
    const action = useAction(async () => {
        const made = await api.post('/v1/workspaces', { body: { name } });
        const id = made.data.id ?? '';
        // The first one was there before.
        noteElsewhere(id);
        await switchWorkspace(id);
        toast(`You are in ${name} now`);
    });
    return (
        <FormDialog
            title="Create workspace"
            action={action}
            submit="Create workspace"
            fields={['name']}
            call={{ method: 'POST', path: '/v1/workspaces', as: 'user', body: { name } }}
            onClose={onClose}
            onDone={onClose}
        >
            <TextField
                label="Name"
                name="name"
                error={action.error}
                value={name}
                onInput={setName}
                autofocus
                required
            />
        </FormDialog>
    );
}
