// What stands between a user and the screens: no workspace, or one that wants a second factor first.
import { useState } from 'preact/hooks';
import { Button, Empty, Page } from '../ui';
import { CreateWorkspace } from '../settings/workspace/create-workspace';
import { path } from './router';
import { Screen } from './screen';
import { me, workspace } from './session';

export function Gate() {
    const user = me.value?.user;
    const own = path.value === '/settings/account';
    if (!workspace.value && !own) return <NoWorkspace />;
    if (workspace.value?.require_totp && !user?.second_factor && !own) return <EnrolFirst />;
    return <Screen />;
}

function NoWorkspace() {
    const [making, setMaking] = useState(false);
    return (
        <Page title="No workspace">
            <Empty
                title="You belong to no workspace"
                action={
                    <Button kind="primary" onClick={() => setMaking(true)}>
                        Create workspace
                    </Button>
                }
            >
                Make one, or open the link of an invitation.
            </Empty>
            {making && <CreateWorkspace onClose={() => setMaking(false)} />}
        </Page>
    );
}

function EnrolFirst() {
    return (
        <Page title="Second factor needed">
            <Empty
                title={`${workspace.value?.name ?? 'This workspace'} demands a second factor`}
                action={
                    <Button kind="primary" href="/settings/account">
                        Set up second factor
                    </Button>
                }
            >
                Until you have one you can do nothing in it. Another workspace can be chosen at the top.
            </Empty>
        </Page>
    );
}
