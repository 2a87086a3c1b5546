"""Finds the functions of a C++ source and their length, by braces alone: enough to hold a limit on lines."""
import re

BLANKED = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
SCOPE = re.compile(r"^(?:inline\s+)?(?:template\b|namespace\b|class\b|struct\b|union\b|enum\b|extern\b\s*\"?)")
NAME = re.compile(r"([\w:~]+|operator\s*[^\s\w(]+|operator\s*\(\))\s*\($")


def blank(match):
    """The same text with everything but line ends made blank."""
    return re.sub(r"[^\n]", " ", match.group())


def head_name(head):
    """The name of the function whose head this is, or None where the brace opens something else."""
    head = re.sub(r"\b(public|private|protected)\s*:", " ", head).strip()
    head = re.sub(r"^template\s*<.*?>\s*(?=\w)", "", head, flags=re.DOTALL)
    if "(" not in head or SCOPE.match(head) or re.search(r"=\s*$", head):
        return None
    match = NAME.search(head[: head.index("(") + 1])
    return match.group(1) if match else "(unnamed)"


def functions(text):
    """Yields (name, first line, number of lines) for each outermost function body; lambdas inside belong to it."""
    code = DIRECTIVE.sub(blank, BLANKED.sub(blank, text))
    depth, body, name, start, begin = 0, None, "", 0, 0
    for at, char in enumerate(code):
        if char == "{":
            if body is None:
                name = head_name(code[begin:at])
                if name:
                    body = depth
                    start = code.count("\n", 0, at) + 1
            depth += 1
            begin = at + 1
        elif char == "}":
            depth -= 1
            begin = at + 1
            if body == depth:
                yield name, start, max(1, code.count("\n", 0, at) - start)
                body = None
        elif char == ";" and body is None and code.count("(", begin, at) == code.count(")", begin, at):
            begin = at + 1
