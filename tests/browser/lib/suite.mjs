// Tests by name, one after the other; the last line is "N passed, N failed".

const tests = [];

/** Registers a test. `work` is given a Case; what it throws is why the test fails. */
export function test(name, work) {
    tests.push({ name, work });
}

/** What a test has: cleanups that run whatever happens, and finer results. */
export class Case {
    constructor(report, name, options) {
        Object.assign(this, { report, name, options, cleanups: [] });
    }

    onEnd(cleanup) {
        this.cleanups.push(cleanup);
    }

    /** Counts a test within the test. */
    async check(what, work) {
        await this.report.count(`${this.name}: ${what}`, work);
    }

    async end() {
        const errors = [];
        for (const cleanup of this.cleanups.reverse()) {
            try {
                await cleanup();
            } catch (error) {
                errors.push(error);
            }
        }
        return errors;
    }
}

export class Report {
    constructor(verbose) {
        Object.assign(this, { passed: 0, failed: 0, verbose });
    }

    async count(name, work) {
        try {
            await work();
            this.passed++;
            if (this.verbose) console.log(`  ok      ${name}`);
            return true;
        } catch (error) {
            this.failed++;
            console.log(`  FAILED  ${name}\n${indent(error?.stack ?? String(error))}`);
            return false;
        }
    }
}

const indent = (text) =>
    text
        .split('\n')
        .slice(0, 30)
        .map((line) => `          ${line}`)
        .join('\n');

/** Plays the tests that were registered and whose name has one of the words in `only`. */
export async function play(options) {
    const report = new Report(options.verbose);
    const started = Date.now();
    for (const { name, work } of tests) {
        if (options.only && !options.only.split(',').some((part) => name.includes(part))) continue;
        const one = new Case(report, name, options);
        await report.count(name, async () => {
            // What went wrong first is told first.
            const errors = [];
            await work(one).catch((error) => errors.push(error));
            errors.push(...(await one.end()));
            if (errors.length > 0)
                throw errors.length === 1
                    ? errors[0]
                    : new Error(errors.map((error) => error.stack ?? String(error)).join('\n\n'));
        });
    }
    console.log(`${Math.round((Date.now() - started) / 1000)} s`);
    console.log(`${report.passed} passed, ${report.failed} failed`);
    return report.failed === 0 && report.passed > 0;
}
