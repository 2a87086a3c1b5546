#!/usr/bin/env python3
"""Writes src/query/text/unicode_{words,lower,base}.def from Python's Unicode database.

The tables are kept in the project, and not asked of a library, since text indexes on disk depend on them: other tables
need another version of the analyzer (query/text/analyzer.h), and all text indexes built anew.
"""
import pathlib
import unicodedata

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src/query/text"
DIACRITICS = range(0x300, 0x370)
COLUMNS = 116


def code_points():
    """All that UTF-8 may hold, ASCII left out: that is told without tables."""
    return (c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000)


def is_word(char):
    category = unicodedata.category(char)
    return category[0] in "LNM" or category == "Co"


def word_ranges():
    ranges = []
    for c in filter(lambda c: is_word(chr(c)), code_points()):
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    return ranges


def lower_pairs():
    for c in code_points():
        lower = chr(c).lower()
        if len(lower) == 1 and lower != chr(c):
            yield c, ord(lower)


def base_pairs():
    """Letters that are another one with diacritics, and that one."""
    for c in code_points():
        if c in DIACRITICS:
            continue
        left = [x for x in unicodedata.normalize("NFD", chr(c)) if ord(x) not in DIACRITICS]
        if len(left) == 1 and left[0] != chr(c):
            yield c, ord(left[0])


def write(name, about, pairs):
    lines = [f"// {about} Sorted; made by tools/unicode_tables.py from Unicode {unicodedata.unidata_version}."]
    line = ""
    for first, second in pairs:
        pair = f"{{{first:#x},{second:#x}}},"
        if len(line) + len(pair) > COLUMNS:
            lines.append(line)
            line = ""
        line += pair
    (FOLDER / f"unicode_{name}.def").write_text("\n".join([*lines, line]) + "\n", encoding="utf-8")


def main():
    write("words", "First and last of each run of letters, digits and marks beyond ASCII.", word_ranges())
    write("lower", "Characters and their lower case.", lower_pairs())
    write("base", "Characters with diacritics and without them.", base_pairs())


if __name__ == "__main__":
    main()
