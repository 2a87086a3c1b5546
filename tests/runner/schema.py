"""The part of JSON Schema 2020-12 that the OpenAPI document uses. A keyword that is not known here is an error, so
that nothing is left unchecked."""
import datetime
import re

from runner.match import TYPES, is_type, short

ANNOTATIONS = {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
               "$schema", "$comment", "contentMediaType", "contentEncoding"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Schemas:
    """Validates values against schemas of one document, to whose parts $ref points."""

    def __init__(self, document):
        self.document = document

    def resolve(self, reference):
        target = self.document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        return target

    def problem(self, schema, value, place=""):
        """None, or where and why the value does not fit."""
        if isinstance(schema, bool):
            return None if schema else f"{place or '/'}: nothing is allowed here, got {short(value)}"
        for keyword, argument in schema.items():
            if keyword in ANNOTATIONS:
                continue
            check = CHECKS.get(keyword)
            if check is None:
                return f"{place or '/'}: the schema has the keyword '{keyword}', which the tests don't know"
            found = check(self, argument, value, place, schema)
            if found:
                return found if found.startswith("/") else f"{place or '/'}: {found}, got {short(value)}"
        return None


def check_type(_schemas, argument, value, _place, _schema):
    names = argument if isinstance(argument, list) else [argument]
    integral = isinstance(value, float) and value == int(value) if is_type(value, "number") else False
    if any(is_type(value, name) or name == "integer" and integral for name in names):
        return None
    return f"expected the type {' or '.join(names)}"


def check_properties(schemas, argument, value, place, _schema):
    for name, schema in argument.items() if isinstance(value, dict) else ():
        if name in value:
            found = schemas.problem(schema, value[name], f"{place}/{name}")
            if found:
                return found
    return None


def check_additional(schemas, argument, value, place, schema):
    for name, member in value.items() if isinstance(value, dict) else ():
        if name not in schema.get("properties", {}):
            found = schemas.problem(argument, member, f"{place}/{name}")
            if found:
                return found
    return None


def check_required(_schemas, argument, value, _place, _schema):
    missing = [name for name in argument if name not in value] if isinstance(value, dict) else []
    return f"{', '.join(missing)} missing" if missing else None


def check_items(schemas, argument, value, place, _schema):
    for i, element in enumerate(value) if isinstance(value, list) else ():
        found = schemas.problem(argument, element, f"{place}/{i}")
        if found:
            return found
    return None


def check_format(_schemas, argument, value, _place, _schema):
    if argument == "date-time" and isinstance(value, str):
        try:
            good = TIME.fullmatch(value) and datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            good = False
        return None if good else "expected a UTC time with milliseconds"
    if argument == "int32" and is_type(value, "integer") and not -2**31 <= value < 2**31:
        return "expected 32 bits"
    if argument == "int64" and is_type(value, "integer") and not -2**63 <= value < 2**63:
        return "expected 64 bits"
    return None


def fits(schemas, schema, value):
    return schemas.problem(schema, value) is None


def check_any(schemas, argument, value, place, _schema):
    found = [schemas.problem(schema, value, place) for schema in argument]
    return None if None in found else f"no alternative fits ({'; '.join(map(str, found))})"


def check_one(schemas, argument, value, place, _schema):
    found = [schemas.problem(schema, value, place) for schema in argument]
    if found.count(None) == 1:
        return None
    return f"{found.count(None)} alternatives fit instead of one ({'; '.join(map(str, found))})"


def check_all(schemas, argument, value, place, _schema):
    found = (schemas.problem(schema, value, place) for schema in argument)
    return next((problem for problem in found if problem), None)


def bound(kind, good):
    """A check that applies to values of a kind only."""
    def check(_schemas, argument, value, _place, schema):
        applies = is_type(value, kind) if kind == "number" else isinstance(value, TYPES[kind])
        return None if not applies or good(value, argument) else f"breaks a bound of {schema}"
    return check


CHECKS = {
    "$ref": lambda schemas, argument, value, place, _: schemas.problem(schemas.resolve(argument), value, place),
    "type": check_type,
    "properties": check_properties,
    "additionalProperties": check_additional,
    "required": check_required,
    "items": check_items,
    "format": check_format,
    "anyOf": check_any,
    "oneOf": check_one,
    "allOf": check_all,
    "not": lambda schemas, argument, value, *_: "fits what it must not" if fits(schemas, argument, value) else None,
    "enum": lambda _s, argument, value, *_: None if value in argument else f"expected one of {argument}",
    "const": lambda _s, argument, value, *_: None if value == argument else f"expected {argument!r}",
    "minimum": bound("number", lambda value, least: value >= least),
    "maximum": bound("number", lambda value, most: value <= most),
    "exclusiveMinimum": bound("number", lambda value, least: value > least),
    "exclusiveMaximum": bound("number", lambda value, most: value < most),
    "minLength": bound("string", lambda value, least: len(value) >= least),
    "maxLength": bound("string", lambda value, most: len(value) <= most),
    "pattern": bound("string", lambda value, pattern: re.search(pattern, value) is not None),
    "minItems": bound("array", lambda value, least: len(value) >= least),
    "maxItems": bound("array", lambda value, most: len(value) <= most),
    "uniqueItems": bound("array", lambda value, unique: not unique or len(set(map(str, value))) == len(value)),
    "minProperties": bound("object", lambda value, least: len(value) >= least),
    "maxProperties": bound("object", lambda value, most: len(value) <= most),
}
