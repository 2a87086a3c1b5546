// How the programs of each language are run: `needs` are the commands it takes, `run` the command line for a file,
// `prepare` what is done once for all of them. A language without its commands on this machine is named, not passed over.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One crate with a program for each case, so that ureq is built once. */
function cargo(directory, files) {
    mkdirSync(join(directory, 'src/bin'), { recursive: true });
    writeFileSync(
        join(directory, 'Cargo.toml'),
        '[package]\nname = "snippets"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nureq = { version = "3", default-features = false }\n',
    );
    for (const [name, text] of files) writeFileSync(join(directory, `src/bin/${name}.rs`), text);
    return [['cargo', 'build', '--quiet', '--bins', '--target-dir', '../cargo-target']];
}

/** As many compilers at a time as the machine has cores would take the tests no further than one that knows them all. */
function cplusplus(directory, files) {
    return files.map(([name]) => ['c++', '-std=c++17', '-O0', `${name}.cpp`, '-o', name, '-lcurl']);
}

/** Windows has curl under this name. */
function curlExe(directory) {
    symlinkSync('/usr/bin/curl', join(directory, 'curl.exe'));
    return [];
}

export const languages = {
    bash: { needs: ['bash', 'curl'], file: (name) => `${name}.sh`, run: (name) => ['bash', `${name}.sh`] },
    powershell: { needs: ['pwsh', 'curl'], file: (name) => `${name}.ps1`, prepare: curlExe, run: (name) => ['pwsh', '-NoProfile', '-File', `${name}.ps1`] },
    // Runs in a browser, and in Node as a module: the text is the same.
    javascript: { needs: ['node'], file: (name) => `${name}.mjs`, run: (name) => ['node', `${name}.mjs`] },
    node: { needs: ['node'], file: (name) => `${name}.mjs`, run: (name) => ['node', `${name}.mjs`] },
    python: { needs: ['python3'], file: (name) => `${name}.py`, run: (name) => ['python3', `${name}.py`] },
    go: { needs: ['go'], file: (name) => `${name}.go`, run: (name) => ['go', 'run', `${name}.go`] },
    // `java FILE` compiles a program in memory; Java 11 or later.
    java: { needs: ['java'], file: (name) => `${name}.java`, run: (name) => ['java', `${name}.java`] },
    csharp: { needs: ['dotnet'], file: (name) => `${name}.cs`, run: (name) => ['dotnet', 'run', `${name}.cs`] },
    php: { needs: ['php'], file: (name) => `${name}.php`, run: (name) => ['php', `${name}.php`] },
    ruby: { needs: ['ruby'], file: (name) => `${name}.rb`, run: (name) => ['ruby', `${name}.rb`] },
    rust: { needs: ['cargo'], file: null, prepare: cargo, run: (name) => [`../cargo-target/debug/${name}`] },
    cpp: { needs: ['c++'], file: (name) => `${name}.cpp`, prepare: cplusplus, run: (name) => [`./${name}`] },
};
