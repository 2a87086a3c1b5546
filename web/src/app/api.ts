import { CredVault } from '@credvault/client';

/** The one client of the dashboard. Everything that talks to the server goes through it. */
export const api = new CredVault({ cookie: true, timeout: 30_000, retry: { attempts: 3, longestDelay: 5_000 } });
