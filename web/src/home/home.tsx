import { api } from '../app/api';
import { useLoad } from '../app/load';
import { may, me, workspace } from '../app/session';
import { Page, Section, Show } from '../ui';
import { Activity } from './activity';
import { FirstSteps } from './first-steps';
import { Live } from './live';
import { Quotas } from './quotas';
import { UsageCharts } from './usage';
import './home.css';

export default function Home() {
    const limits = useLoad('limits', async (signal) => (await api.get('/v1/limits', { signal })).data);
    const logs = may('logs:read');
    const id = workspace.value?.id ?? '';
    return (
        <Page title="Home" about={`${me.value?.workspace?.name ?? ''}, ${me.value?.workspace?.role ?? ''}`}>
            <FirstSteps />
            {logs && <UsageCharts />}
            {logs && <Live key={id} workspace={id} />}
            <div class="home-columns">
                <Section title="Limits" actions={<a href="/settings/limits">Limits and usage</a>}>
                    <Show loaded={limits}>{(data) => <Quotas limits={data} />}</Show>
                </Section>
                {logs && <Activity />}
            </div>
        </Page>
    );
}
