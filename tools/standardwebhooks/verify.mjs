// Verifies deliveries with the npm package standardwebhooks, and that it refuses those that were changed.
//     node verify.mjs DIRECTORY < deliveries.json     DIRECTORY holds node_modules.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { Webhook } = require("standardwebhooks");

let verified = 0;
let forged = 0;
for (const { secret, headers, body } of JSON.parse(readFileSync(0, "utf8"))) {
    const webhook = new Webhook(secret);
    webhook.verify(body, headers);
    ++verified;
    for (const change of [() => webhook.verify(body + " ", headers),
                          () => webhook.verify(body, { ...headers, "webhook-id": headers["webhook-id"] + "x" }),
                          () => new Webhook("whsec_" + Buffer.alloc(32).toString("base64")).verify(body, headers)]) {
        try {
            change();
            ++forged;
        } catch {
            // As it should be.
        }
    }
}
console.log(JSON.stringify({ verified, forged }));
