import { useState } from 'preact/hooks';
import { api } from '../../app/api';
import { useAction } from '../../app/load';
import { switchWorkspace } from '../../app/session';
import { Button, Dialog, ErrorNotice, TextField, toast } from '../../ui';

export function CreateWorkspace({ onClose }: { onClose: () => void }) {
    const [name, setName] = useState('');
    const action = useAction(async () => {
        const made = await api.post('/v1/workspaces', { body: { name } });
        await switchWorkspace(made.data.id ?? '');
        toast(`You are in ${name} now`);
        onClose();
    });
    return (
        <Dialog
            title="Create workspace"
            onClose={onClose}
            onSubmit={() => void action.run()}
            footer={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button kind="primary" type="submit" busy={action.busy}>
                        Create workspace
                    </Button>
                </>
            }
        >
            <div class="stack">
                <TextField
                    label="Name"
                    name="name"
                    error={action.error}
                    value={name}
                    onInput={setName}
                    autofocus
                    required
                />
                <ErrorNotice error={action.error} fields={['name']} />
            </div>
        </Dialog>
    );
}
