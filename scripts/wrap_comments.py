#!/usr/bin/env python3
"""Wraps Swift comments that are wider than 110 columns; `swift format` leaves them alone.

Usage: wrap_comments.py [--check] PATH...
"""
import pathlib
import re
import sys

COLUMNS = 110
COMMENT = re.compile(r"^( *)(///?) (\s*)(.*)$")
# A line that begins one of these keeps its beginning: lists, tables, code and headings are not prose.
OWN_LINE = re.compile(r"^(- |\* |\d+\. |\||#|```|$)")


def wrapped(lines):
    """The lines, each too wide comment flowing on into the comment lines below it."""
    result = []
    rest = None  # (indent, mark, words) that did not fit the line before
    for line in lines:
        match = COMMENT.match(line)
        if rest is not None:
            indent, mark, words = rest
            rest = None
            flows = match and match[1] == indent and match[2] == mark
            if flows and not match[3] and not OWN_LINE.match(match[4]):
                line = f"{indent}{mark} {words} {match[4]}"
                match = COMMENT.match(line)
            else:
                result.extend(pieces(indent, mark, words))
        if match and len(line) > COLUMNS and not match[3] and not match[4].startswith("|"):
            cut = line.rfind(" ", 0, COLUMNS + 1)
            if cut > len(match[1]) + len(match[2]) + 1:
                result.append(line[:cut].rstrip())
                rest = (match[1], match[2], line[cut + 1 :])
                continue
        result.append(line)
    if rest is not None:
        result.extend(pieces(*rest))
    return result


def pieces(indent, mark, words):
    """What is left over, as lines of its own."""
    line = f"{indent}{mark} {words}"
    while len(line) > COLUMNS and (cut := line.rfind(" ", 0, COLUMNS + 1)) > len(indent) + len(mark) + 1:
        yield line[:cut]
        line = f"{indent}{mark} {line[cut + 1:]}"
    yield line


def main(arguments):
    check = "--check" in arguments
    changed = []
    for argument in (a for a in arguments if a != "--check"):
        path = pathlib.Path(argument)
        for file in sorted(path.rglob("*.swift")) if path.is_dir() else [path]:
            text = file.read_text()
            new = "\n".join(wrapped(text.split("\n")))
            if new != text:
                changed.append(str(file))
                if not check:
                    file.write_text(new)
    for name in changed:
        print(f"{name}: comments wider than {COLUMNS} columns" + ("" if check else " wrapped"))
    return 1 if check and changed else 0


sys.exit(main(sys.argv[1:]))
