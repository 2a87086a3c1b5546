// What Swagger UI leaves without a name for screen readers, or out of the keyboard's reach.

type Namer = string | ((element: Element) => string | undefined);

const parameter: Namer = (element) => element.closest<HTMLElement>('tr[data-param-name]')?.dataset['paramName'];

const NAMES: [string, Namer][] = [
    ['#servers', 'Server'],
    ['.examples-select-element', 'Example'],
    ['.parameters-col_description :is(select, textarea, input)', parameter],
    ['select.content-type', 'Media type'],
    ['.opblock-section-request-body textarea', 'Request body'],
    ['.close-modal', 'Close'],
    ['.information-container', 'About the API'],
    ['.scheme-container', 'Server and credentials'],
    ['.dialog-ux .modal-ux', 'Credentials'],
];

/** What parts of the page are, and how deep their headings lie. */
const ATTRIBUTES: [string, string, string][] = [
    ['.information-container, .scheme-container', 'role', 'region'],
    ['.dialog-ux .modal-ux', 'role', 'dialog'],
    ['.dialog-ux .modal-ux', 'aria-modal', 'true'],
    ['.info .title', 'aria-level', '2'],
    ['h3.opblock-tag, .modal-ux-header h3', 'aria-level', '2'],
    ['.opblock h4, .modal-ux-content h4', 'aria-level', '3'],
    ['.opblock h5', 'aria-level', '4'],
];

function improve(root: Element): void {
    for (const [selector, namer] of NAMES) {
        for (const element of root.querySelectorAll(`:is(${selector}):not([aria-label], [aria-labelledby])`)) {
            const name = typeof namer === 'string' ? namer : namer(element);
            if (name) element.setAttribute('aria-label', name);
        }
    }
    for (const [selector, attribute, value] of ATTRIBUTES) {
        for (const element of root.querySelectorAll(`:is(${selector}):not([${attribute}])`)) element.setAttribute(attribute, value);
    }
    // Tables that are called landmarks, all by one name.
    for (const table of root.querySelectorAll('.responses-table[role="region"]')) table.removeAttribute('role');
    // "Apply credentials", while "Authorize" is what is to be read.
    for (const button of root.querySelectorAll('.auth-btn-wrapper [aria-label]')) button.removeAttribute('aria-label');
    for (const text of root.querySelectorAll<HTMLElement>('pre:not([tabindex]), .microlight:not([tabindex])')) text.tabIndex = 0;
}

/** Keeps at it while the page changes, once a frame at most. */
export function giveNames(root: Element): void {
    let waiting = false;
    const observer = new MutationObserver(() => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            improve(root);
        });
    });
    observer.observe(root, { childList: true, subtree: true });
}
