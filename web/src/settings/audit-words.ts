// An operation's id in words: createApiKey → "Create API key".
const KEPT: Record<string, string> = { Api: 'API', Totp: 'second factor', Id: 'id', Ttl: 'TTL' };
const WHOLE: Record<string, string> = {
    setUp: 'Set up the server',
    logIn: 'Sign in',
    logOut: 'Sign out',
    getMe: 'Read the own account',
    refreshSession: 'Refresh session',
    omittedEntries: 'More refusals, counted only',
    enrolTotp: 'Begin to enrol a second factor',
    confirmTotp: 'Enrol a second factor',
    disableTotp: 'Remove the second factor',
    updateLimits: 'Change tier',
    requestPasswordReset: 'Ask for a new password',
    confirmPasswordReset: 'Set a new password',
    createInvitation: 'Invite somebody',
};

export function actionWords(action: string): string {
    const whole = WHOLE[action];
    if (whole) return whole;
    const words = action
        .split(/(?=[A-Z])/)
        .map((word, index) => (index === 0 ? word : (KEPT[word] ?? word.toLowerCase())));
    const text = words.join(' ');
    return text.charAt(0).toUpperCase() + text.slice(1);
}
