// What the scopes are for, in the API's order.
export const SCOPES: readonly (readonly [
    noun: string,
    scopes: readonly (readonly [scope: string, about: string])[],
])[] = [
    [
        'Data',
        [
            ['database:read', 'Read records'],
            ['database:write', 'Insert, change and delete records'],
            ['database:manage', 'Create and delete databases, collections and indexes'],
            ['query:execute', 'Query, aggregate and search'],
            ['metadata:read', 'List databases, collections and indexes, with statistics'],
        ],
    ],
    [
        'Clusters and integrations',
        [
            ['cluster:read', 'See clusters'],
            ['cluster:manage', 'Configure clusters, back up and restore'],
            ['integration:read', 'See integrations'],
            ['integration:manage', 'Connect and run integrations'],
        ],
    ],
    [
        'Intelligence and webhooks',
        [
            ['intelligence:read', 'See models and what they found'],
            ['intelligence:execute', 'Predict and search by meaning'],
            ['intelligence:manage', 'Train and delete models'],
            ['webhook:read', 'See webhooks and deliveries'],
            ['webhook:manage', 'Create and change webhooks'],
        ],
    ],
    [
        'Workspace',
        [
            ['key:manage', 'Create, rotate and revoke API keys'],
            ['team:manage', 'Invite members and change roles'],
            ['settings:modify', 'Change the workspace’s settings and data rules'],
            ['billing:manage', 'Change the tier'],
            ['logs:read', 'Read the audit log, usage and metrics'],
        ],
    ],
];

export const ALL_SCOPES: readonly string[] = SCOPES.flatMap(([, scopes]) => scopes.map(([scope]) => scope));

export const PRESETS: readonly (readonly [label: string, scopes: readonly string[]])[] = [
    ['Read data', ['database:read', 'query:execute', 'metadata:read']],
    ['Read and write data', ['database:read', 'database:write', 'query:execute', 'metadata:read']],
    ['Everything that you may', ALL_SCOPES],
];
