"""The schemas of `protocol/schemas`, ready to hold frames against."""

import json
import pathlib

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from parley import check

PROTOCOL = pathlib.Path(__file__).resolve().parents[2] / "protocol"
SCHEMAS = {
    name: json.loads((PROTOCOL / f"schemas/{name}.schema.json").read_text())
    for name in ("command", "reply", "push")
}
REGISTRY = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


def validator(reference):
    """Checks against a schema, or a part of one."""
    return Draft202012Validator({"$ref": reference}, registry=REGISTRY)


COMMAND, REPLY, PUSH = (validator(f"{name}.schema.json") for name in ("command", "reply", "push"))


def part(name, schema="reply"):
    """A definition of a schema."""
    return validator(f"{schema}.schema.json#/$defs/{name}")


def fits(schema, value, what):
    """Fails where a value does not fit, with the schema's own words."""
    errors = sorted(schema.iter_errors(value), key=lambda error: list(error.path))
    check(
        not errors,
        f"{what} does not fit its schema: {[error.message for error in errors][:3]}\n{json.dumps(value)}",
    )
