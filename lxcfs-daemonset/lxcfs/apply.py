#!/usr/bin/env python3
"""Applies the project's changes to LXCFS's source: apply.py SOURCE CHANGE ...

A change is a file changes/NAME.change. Its first lines say why. Then come edits, each after an empty line:

    @ FILE          the file of this edit and of those that follow
    ~ TEXT          look only behind the first line that contains TEXT
    =LINE           a line that has to be there, and stays
    -LINE           a line that has to be there, and goes
    -...            everything up to the next line that is named goes too
    +LINE           a new line

The lines that have to be there stand one behind another. Without ~ there has to be exactly one such place.
An edit that does not fit ends the build.
"""

import pathlib
import sys


class Misfit(Exception):
    pass


def edits(change):
    """The edits of a change: file, text to look behind, and operations."""
    file, behind, operations = None, None, []
    for number, line in enumerate(change.read_text().splitlines(), 1):
        if line.startswith("@ "):
            file = line[2:]
        elif line.startswith("~ ") and file:
            behind = line[2:]
        elif line[:1] in ("=", "-", "+") and file:
            operations.append((line[0], line[1:]))
        elif not line:
            if operations:
                yield file, behind, operations
            behind, operations = None, []
        elif file:
            raise Misfit(f"line {number} is no edit: {line}")
    if operations:
        yield file, behind, operations


def fits(lines, start, operations):
    """The new lines for a place and where it ends; None where the edit does not fit there."""
    new, at, skipping = [], start, False
    for mark, text in operations:
        if mark == "+":
            new.append(text)
        elif mark == "-" and text == "...":
            skipping = True
        else:
            while skipping and at < len(lines) and lines[at] != text:
                at += 1
            skipping = False
            if at >= len(lines) or lines[at] != text:
                return None
            if mark == "=":
                new.append(text)
            at += 1
    return new, at


def apply(source, file, behind, operations):
    path = source / file
    lines = path.read_text().split("\n")
    first = 0
    if behind is not None:
        first = next((index + 1 for index, line in enumerate(lines) if behind in line), None)
        if first is None:
            raise Misfit(f"{file} has no line with: {behind}")
    places = [start for start in range(first, len(lines)) if fits(lines, start, operations)]
    if not places or (behind is None and len(places) > 1):
        raise Misfit(f"{file} has {len(places)} places for: {next(text for mark, text in operations if mark != '+')}")
    new, end = fits(lines, places[0], operations)
    lines[places[0]:end] = new
    path.write_text("\n".join(lines))


def main(source, *changes):
    for change in map(pathlib.Path, changes):
        try:
            count = 0
            for file, behind, operations in edits(change):
                apply(pathlib.Path(source), file, behind, operations)
                count += 1
            if not count:
                raise Misfit("there is no edit in it")
        except (Misfit, OSError) as error:
            sys.exit(f"{change.name} does not fit: {error}")
        print(f"{change.name}: {count} edits")


if __name__ == "__main__":
    main(*sys.argv[1:])
