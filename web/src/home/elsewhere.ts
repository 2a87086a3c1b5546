// The server's own figures are for its first workspace. Which one that is it does not tell: those that are known to be
// another are remembered, so that it is not asked in vain, which browsers note as an error.
const KEY = 'credvault.no-server-figures';
const MOST = 50;

const known = (): string[] => {
    try {
        return JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[];
    } catch {
        return [];
    }
};

export const isElsewhere = (workspace: string): boolean => known().includes(workspace);

export function noteElsewhere(workspace: string): void {
    if (!isElsewhere(workspace)) localStorage.setItem(KEY, JSON.stringify([workspace, ...known()].slice(0, MOST)));
}
