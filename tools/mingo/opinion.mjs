// Answers questions on standard input, a JSON line each, with what mingo makes of them, a line each:
// {"documents", "filter", "sort"?} → {"found": [documents]}; with "update" (and "array_filters") → the documents after
// an update of all that match. A question that mingo refuses is answered {"error": …}.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Installed in a build directory, which is the first argument.
const installed = createRequire(pathToFileURL(process.argv[2] + "/package.json"));
const { find, updateMany } = installed("mingo");

function answer(question) {
    const { documents, filter, sort, update, array_filters: arrayFilters } = question;
    if (update) {
        updateMany(documents, filter, update, arrayFilters ? { arrayFilters, cloneMode: "deep" } : { cloneMode: "deep" });
        return { found: documents };
    }
    const cursor = find(documents, filter);
    return { found: (sort ? cursor.sort(sort) : cursor).all() };
}

for await (const line of createInterface({ input: process.stdin })) {
    let said;
    try {
        said = answer(JSON.parse(line));
    } catch (error) {
        said = { error: String(error.message ?? error) };
    }
    process.stdout.write(JSON.stringify(said) + "\n");
}
