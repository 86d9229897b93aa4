"""Write the client from the API's document: ``python -m web.api.writing client``."""

import keyword
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

from web.api.app import document

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None",
          "object": "dict[str, Any]"}  # fmt: skip
_WRITTEN = "Written by ``python -m web.api.writing client`` from the document of the API."
_OWN = {"Problem", "Said"}  # the session raises them
_BYTES = {"type": "string", "format": "binary"}


def main(folder: str) -> None:
    for name, text in write_client().items():
        Path(folder, name).write_text(text, encoding="utf-8")


def write_client() -> dict[str, str]:
    """Return the generated files of the client by their names."""
    made = document()
    schemas = dict(sorted(made["components"]["schemas"].items()))
    words = {name: each for name, each in schemas.items() if "enum" in each}
    sent = {name: each for name, each in schemas.items() if name.startswith("New")}
    others = {name: schemas[name] for name in schemas.keys() - words.keys() - sent.keys() - _OWN}
    return {
        "words.py": _words(words), "sent.py": _shapes(sent),
        "shapes.py": _shapes(dict(sorted(others.items()))), "calls.py": _calls(made["paths"]),
    }  # fmt: skip


def _words(schemas: Mapping[str, Any]) -> str:
    lines = _head("words", "from typing import Literal")
    for name, schema in schemas.items():
        words = ", ".join(f'"{each}"' for each in schema["enum"])
        lines += [f"{name} = Literal[", *_wrapped(words, 4), "]"]
    return "\n".join(lines) + "\n"


def _shapes(schemas: Mapping[str, Any]) -> str:
    lines = _head(
        "shapes", "from typing import Any, Literal, NotRequired, TypedDict", "",
        "from client.words import *",
    )  # fmt: skip
    for name, schema in schemas.items():
        lines += ["", f"class {name}(TypedDict):"]
        lines += [f"    {line}" for line in _fields(schema)]
    return "\n".join(lines) + "\n"


def _head(what: str, *imports: str) -> list[str]:
    return [
        f'"""The {what} of the API.', "", _WRITTEN, '"""', "# fmt: off",
        "", *imports, "",
    ]  # fmt: skip


def _wrapped(text: str, indent: int) -> list[str]:
    return [" " * indent + line for line in wrap(text + ",", 96 - indent)]


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each field; what comes in with a default may be left out."""
    needed = schema.get("required", [])
    for name, each in schema["properties"].items():
        kind = _kind(each, quoted=True)
        yield f"{name}: {kind if name in needed else f'NotRequired[{kind}]'}"


def _calls(paths: Mapping[str, Any]) -> str:
    lines = _head(
        "operations", "from typing import Any, cast", "", "from client import sent, shapes",
        "from client.session import Session, part", "",
    )  # fmt: skip
    lines += ["class Bihuan(Session):", '    """Each operation is a method of its name."""']
    for path, methods in paths.items():
        for method, operation in methods.items():
            lines += ["", *(f"    {line}" for line in _method(method.upper(), path, operation))]
    return "\n".join(lines) + "\n"


def _method(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    given = operation.get("parameters", [])
    by_place = {place: [each for each in given if each["in"] == place]
                for place in ("path", "query", "header")}  # fmt: skip
    by_place["path"].sort(key=lambda each: path.index(f"{{{each['name']}}}"))
    body, gives = _body(operation), _gives(operation)
    takes = ["self", *(f"{each['name']}: {_kind(each['schema'])}" for each in by_place["path"])]
    takes += body.parameters
    named = by_place["query"] + by_place["header"]
    takes += ["*", *(f"{_name(each)}: {_kind(each['schema'])}{_default(each)}" for each in named)]
    yield f"def {operation['operationId']}("
    yield from _wrapped(", ".join(takes if named else takes[:-1]), 4)
    yield f") -> {gives}:"
    yield f'    """{operation["summary"]}."""'
    yield "    answer = self._ask("
    yield f'        "{method}", {_path(path)},'
    if by_place["query"]:
        yield "        query={"
        yield from _wrapped(_pairs(by_place["query"]), 12)
        yield "        },"
    if by_place["header"]:
        yield "        headers={" + _pairs(by_place["header"]) + "},"
    yield from body.arguments
    yield "    )"
    yield (
        "    return answer.content"
        if gives == "bytes"
        else f'    return cast("{gives}", answer.json())'
    )


class _Body(NamedTuple):
    parameters: list[str]
    arguments: list[str]


def _body(operation: Mapping[str, Any]) -> _Body:
    for kind, each in operation.get("requestBody", {}).get("content", {}).items():
        if kind == "application/json":
            takes = f"body: {_kind(each['schema'])}"
            return _Body([takes], ['        body=cast("dict[str, Any]", body),'])
        return _Body(["content: bytes"], ["        content=content,"])
    return _Body([], [])


def _gives(operation: Mapping[str, Any]) -> str:
    done = next(each for code, each in operation["responses"].items() if code < "300")
    schema = next(iter(done["content"].values())).get("schema", _BYTES)
    return "bytes" if schema.get("format") == "binary" else _kind(schema)


def _kind(schema: Mapping[str, Any], *, quoted: bool = False) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        module = "sent" if name.startswith("New") else "shapes"
        return f'"{name}"' if quoted else f"{module}.{name}"
    if "anyOf" in schema:
        kinds = [_kind(each, quoted=False) for each in schema["anyOf"]]
        if quoted:  # a shape stands in the same file as those it is made of
            kinds = [each.removeprefix("shapes.").removeprefix("sent.") for each in kinds]
        joined = " | ".join(dict.fromkeys(kinds))
        return f'"{joined}"' if quoted else joined
    if "enum" in schema:
        return "Literal[" + ", ".join(f'"{each}"' for each in schema["enum"]) + "]"
    if schema.get("type") == "array":
        return f"list[{_kind(schema['items'], quoted=quoted)}]"
    return _PLAIN[schema.get("type", "object")]


def _name(parameter: Mapping[str, Any]) -> str:
    name = str(parameter["name"]).lower().replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def _default(parameter: Mapping[str, Any]) -> str:
    if parameter.get("required"):
        return ""
    default = parameter["schema"].get("default")
    return f' = "{default}"' if isinstance(default, str) else f" = {default}"


def _pairs(parameters: list[Mapping[str, Any]]) -> str:
    return ", ".join(f'"{each["name"]}": {_name(each)}' for each in parameters)


def _path(path: str) -> str:
    if "{" not in path:
        return f'"{path}"'
    return 'f"' + path.replace("{", "{part(").replace("}", ")}") + '"'


if __name__ == "__main__":
    main(sys.argv[1])
