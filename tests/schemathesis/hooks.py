"""Bodies that are text already: lines of JSON, and CSV."""
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv")
def as_it_is(_, value):
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode()
