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
];

function improve(root: Element): void {
    for (const [selector, namer] of NAMES) {
        for (const element of root.querySelectorAll(`:is(${selector}):not([aria-label], [aria-labelledby])`)) {
            const name = typeof namer === 'string' ? namer : namer(element);
            if (name) element.setAttribute('aria-label', name);
        }
    }
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
