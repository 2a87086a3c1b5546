import { useState } from 'preact/hooks';
import { api } from '../app/api';
import { invalidate } from '../app/load';
import type { WebhookWithSecret } from '../app/resources';
import { navigate } from '../app/router';
import { Page } from '../ui';
import { WebhookForm } from './form';
import { WebhookSecret } from './secret';
import { webhookPath } from './status';
import { bodyOf, wishOf } from './wish';

export default function CreateWebhook() {
    const [made, setMade] = useState<WebhookWithSecret | undefined>();
    return (
        <Page title="Create webhook" crumbs={[['Webhooks', '/webhooks']]}>
            <WebhookForm
                start={wishOf(undefined)}
                submit="Create webhook"
                save={async (wish) => {
                    const answer = await api.post('/v1/webhooks', { body: bodyOf(wish) as never });
                    invalidate('webhooks');
                    setMade(answer.data as WebhookWithSecret);
                }}
                call={(wish) => ({ method: 'POST', path: '/v1/webhooks', body: bodyOf(wish) })}
            />
            {made && <WebhookSecret made={made} onClose={() => navigate(webhookPath(made.id), { replace: true })} />}
        </Page>
    );
}
