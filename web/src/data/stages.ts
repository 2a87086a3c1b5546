// The stages of a pipeline as they are edited, and how they look in the URL.
import { parseJson } from '@credvault/client';
import { membersOf, prettyJson } from './json-text';

export interface Stage {
    key: number;
    operator: string;
    /** What it is given, as JSON text. */
    text: string;
    on: boolean;
}

/** Operators with what they begin with. */
export const OPERATORS: Readonly<Record<string, string>> = {
    $match: '{\n  \n}', $group: '{\n  "_id": null,\n  "count": { "$sum": 1 }\n}', $sort: '{\n  "count": -1\n}', $project: '{\n  "id": 1\n}', $set: '{\n  \n}', $unset: '[]',
    $limit: '10', $skip: '10', $count: '"count"', $unwind: '"$tags"', $sortByCount: '"$status"', $sample: '{ "size": 5 }',
    $lookup: '{\n  "from": "",\n  "localField": "",\n  "foreignField": "id",\n  "as": "found"\n}', $bucket: '{\n  "groupBy": "$total",\n  "boundaries": [0, 100, 1000],\n  "default": "other"\n}',
    $bucketAuto: '{\n  "groupBy": "$total",\n  "buckets": 5\n}', $facet: '{\n  "all": [{ "$count": "count" }]\n}', $replaceRoot: '{ "newRoot": "$customer" }', $unionWith: '{ "coll": "" }',
    $setWindowFields: '{\n  "sortBy": { "created_at": 1 },\n  "output": {}\n}', $graphLookup: '{\n  "from": "",\n  "startWith": "$id",\n  "connectFromField": "id",\n  "connectToField": "parent",\n  "as": "found"\n}',
    $redact: '"$$KEEP"', $merge: '{ "into": "" }', $out: '""',
};

export const EXPRESSIONS: readonly string[] = [
    '$sum', '$avg', '$min', '$max', '$first', '$last', '$push', '$addToSet', '$count', '$cond', '$ifNull', '$switch', '$concat', '$toUpper', '$toLower', '$substrCP', '$add',
    '$subtract', '$multiply', '$divide', '$round', '$abs', '$dateTrunc', '$dateToString', '$year', '$month', '$dayOfMonth', '$size', '$filter', '$map', '$reduce', '$in', '$eq', '$ne',
    '$gt', '$gte', '$lt', '$lte', '$and', '$or', '$not', '$exists', '$regex', '$getField', '$arrayElemAt', '$setUnion', '$mergeObjects', '$objectToArray', '$arrayToObject', '$stdDevPop',
];

/** Whether it writes into a collection: never run to show results. */
export const writes = (operator: string): boolean => operator === '$out' || operator === '$merge';

let lastKey = 0;

export const newStage = (operator: string): Stage => ({ key: ++lastKey, operator, text: OPERATORS[operator] ?? '{}', on: true });

export function problemOf(stage: Stage): string | undefined {
    try {
        parseJson(stage.text);
        return undefined;
    } catch (error) {
        return `This is no JSON yet: ${error instanceof Error ? error.message : ''}`;
    }
}

export const pipelineText = (stages: readonly Stage[]): string =>
    `[${stages.filter((stage) => stage.on).map((stage) => `{${JSON.stringify(stage.operator)}: ${stage.text}}`).join(', ')}]`;

/** For the URL; those that are off are kept. */
export const savedText = (stages: readonly Stage[]): string =>
    (stages.length === 0 ? '' : JSON.stringify(stages.map(({ operator, text, on }) => (on ? [operator, text] : [operator, text, 0]))));

export function restored(saved: string): Stage[] {
    try {
        const all = JSON.parse(saved || '[]') as [string, string, number?][];
        return all.map(([operator, text, off]) => ({ key: ++lastKey, operator: String(operator), text: String(text), on: off !== 0 }));
    } catch {
        return [];
    }
}

/** Stages from the JSON text of a pipeline. Throws where it is none. */
export function stagesOf(text: string): Stage[] {
    const value = parseJson(text);
    if (!Array.isArray(value)) throw new SyntaxError('Expected an array of stages');
    // Through an object, so that the stages keep their text.
    const array = membersOf(`{"a":${text}}`)[0]?.[1] ?? '[]';
    const wrapped = prettyJson(array);
    const found: Stage[] = [];
    let depth = 0;
    let begin = -1;
    let quoted = false;
    for (let at = 1; at < wrapped.length - 1; at++) {
        const letter = wrapped[at]!;
        if (quoted) {
            if (letter === '\\') at++;
            else if (letter === '"') quoted = false;
        } else if (letter === '"') quoted = true;
        else if ('{['.includes(letter)) { if (depth++ === 0) begin = at; }
        else if ('}]'.includes(letter) && --depth === 0) {
            const members = membersOf(wrapped.slice(begin, at + 1));
            if (members.length !== 1) throw new SyntaxError('Each stage is an object with one operator, as {"$match": {}}');
            found.push({ key: ++lastKey, operator: members[0]![0], text: prettyJson(members[0]![1]), on: true });
        }
    }
    return found;
}
