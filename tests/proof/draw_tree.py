# SPDX-License-Identifier: MIT
"""draw_tree - random YAML, JSON, TOML and XML."""


def filled(draft, text):
    """text with a place for each {}."""
    while "{}" in text:
        text = text.replace("{}", draft.slot(), 1)
    return text


# --- YAML ---

SCALARS = ["{}", "{}", "'{}'", '"{}"', "pre-{}-post", '"a\\t{}"', "'it''s {}'",
           "http://h:80/{}", "!!str {}", "{}{}", '"{}: {}"', "'{}' # c",
           "{} # it's", "&%s {}"]
PLAIN = ["word", "two words", "12", "1.5", "true", "null", "''", '"a: b"',
         "'# no'", "2001-01-01", "0x1f", "~", '"\\u00e9\\n"', "é漢", "a#b",
         "http://h:80/", "-1", "!!str 5", "", "[]", "yes", "'{'"]
BLOCKS = ["|", "|-", "|+", ">", ">-", "|2-"]


def flow(draft, depth):
    kind = draft.rng.randrange(4 if depth < 3 else 2)
    if kind < 2:
        return filled(draft, draft.pick("{}", "'{}'", '"{}"', "a-{}", "x",
                                        "12", "'q, r'", "null"))
    inner = [flow(draft, depth + 1) for _ in range(draft.rng.randrange(4))]
    gap = draft.pick(", ", ",", ", ")
    if kind == 2:
        return "[" + gap.join(inner) + "]"
    return "{" + (gap if gap != "," else ", ").join(
        f"{draft.name()}: {one}" for one in inner) + "}"


def block(draft, indent):
    """A block scalar below a key at this indentation."""
    header, step = draft.pick(*BLOCKS), draft.pick(1, 2, 4)
    if "2" in header:
        step = 2
    lines = [draft.pick("{}", "l1", "a {} b", "# no", "", "- x", "k: v",
                        "l2", "{}")
             for _ in range(draft.rng.randrange(1, 4))] + ["z"]
    if draft.chance(0.3):
        header += " # c"
    pad = " " * (indent + step)
    lines = [filled(draft, draft.pick("a", "{}"))] + lines
    return header + "\n" + "\n".join(
        pad + filled(draft, line) if line else "" for line in lines)


def yaml_value(draft, indent):
    kind = draft.rng.random()
    if kind < 0.12:
        return block(draft, indent)
    if kind < 0.22:
        return flow(draft, 0)
    if kind < 0.26:  # over several lines
        pad = "\n" + " " * (indent + 2)
        return filled(draft, draft.pick(
            f"a{pad}{{}}", f"'a{pad}{{}}'", f'"a{pad}{{}}{pad}b"',
            f'"a\\{pad}{{}}"'))
    if kind < 0.7:
        text = draft.pick(*SCALARS)
        return filled(draft, text % draft.name() if "%s" in text else text)
    return draft.pick(*PLAIN)


def yaml_node(draft, indent, depth):
    """The lines of a mapping or a sequence."""
    pad, lines = " " * indent, ""
    sequence = draft.chance(0.3)
    for _ in range(draft.rng.randrange(1, 7 if depth else 10)):
        if draft.chance(0.15):
            lines += draft.pick(pad, "", " ") + "#" + draft.pick("", " ") + \
                draft.prose() + "\n"
        lines += draft.pick("", "", "", "\n")
        key = "-" if sequence else draft.pick(
            "{}:", "{}:", "{}:", "{}:", "'{} k':", '"{}.x":').format(
                draft.name())
        if depth < 4 and draft.chance(0.25):
            step = draft.pick(2, 2, 4, 1)
            lines += f"{pad}{key}{draft.pick('', '', ' # c')}\n" + \
                yaml_node(draft, indent + step, depth + 1)
        else:
            lines += f"{pad}{key} {yaml_value(draft, indent)}\n"
    return lines


def draw_yaml(draft, name):
    del name
    draft.text = draft.pick("", "", "---\n", "# c\n", "%YAML 1.1\n---\n")
    draft.text += yaml_node(draft, 0, 0)
    # What "|" holds where the last line has no end readers do not agree on.
    if draft.text.endswith("z\n"):
        draft.text += draft.pick("...\n", "# c\n")
    return draft.finish(0.1)


# --- JSON ---


def json_value(draft, depth, gap):
    kind = draft.rng.randrange(10 if depth < 4 else 7)
    if kind < 2:
        return draft.slot('"')
    if kind < 5:
        return filled(draft, draft.pick(
            '"{}"', '"pre-{}-post"', '"{} {}"', '"\\u00e9{}\\n"', '"\\\\{}"',
            '"\\"{}\\""', '"/{}"', '"{}\\ud83d\\ude00"'))
    if kind < 7:
        return draft.pick("1", "-2.5", "1e3", "true", "false", "null", '"x"',
                          '""', '"a\\tb"', '"é漢"', '"\\/"', "[]", "{}")
    inner = [json_value(draft, depth + 1, gap)
             for _ in range(draft.rng.randrange(1, 5))]
    if kind == 7:
        opened, closed = "[", "]"
    else:
        opened, closed = "{", "}"
        inner = ['"' + draft.pick("", "a.", "é", "a\\\"", "\\u0041")
                 + f'{draft.name()}"{draft.pick(":", ": ", " : ")}{one}'
                 for one in inner]
    pad = "\n" + gap * (depth + 1) if gap else draft.pick("", " ", "\t")
    end = "\n" + gap * depth if gap else ""
    return opened + pad + ("," + pad).join(inner) + end + closed


def draw_json(draft, name):
    del name
    gap = draft.pick("", "  ", "\t", "    ")
    pad = "\n" if gap else " "
    draft.text = "{" + pad + ("," + pad).join(
        f'"{draft.name()}": {json_value(draft, 1, gap)}'
        for _ in range(draft.rng.randrange(3, 14))) + pad + "}" + \
        draft.pick("\n", "")
    return draft.finish()


# --- TOML ---

STRINGS = ['"{}"', "'{}'", '"""{}"""', "'''{}'''", '"pre-{}-post"',
           "'a {} b'", '"""\nl1\n{}\nl3"""', "'''\nl1\n{}'''", '"\\t{}\\""',
           '"""a \\\n   {}"""', '"{}{}"', '"""l1""{}"""', "'''it's {}'''"]
TOML_PLAIN = ["1", "1_000", "0x1f", "1.5", "true", "'x'", '"a\\tb"',
              "2001-01-01", "07:32:00", "2001-01-01T00:00:00Z", "[]", '""',
              "'''l1\nl2'''", '"""a\n"b" # no"""', "[1, 2]", "inf"]


def toml_value(draft, depth, inline):
    kind = draft.rng.randrange(10)
    if kind < 3:
        return draft.slot('"')
    if kind < 6:
        text = draft.pick(*STRINGS)
        return filled(draft, text if not inline or "\n" not in text
                      else '"{}"')
    if kind == 6 and depth < 2:
        gap = draft.pick(" ", " ", "" if inline else "\n  ",
                         "" if inline else " # it's\n  ")
        inner = [toml_value(draft, depth + 1, inline) if draft.chance(0.6)
                 else draft.slot('"') for _ in range(3)]
        end = "\n" if "\n" in gap else ""
        return "[" + gap.strip(" ") + ("," + gap).join(inner) + end + "]"
    if kind == 7 and depth < 2:
        inner = [f"{draft.name()} = {toml_value(draft, depth + 1, True)}"
                 for _ in range(draft.rng.randrange(1, 4))]
        return "{" + draft.pick(" ", "") + ", ".join(inner) + " }"
    text = draft.pick(*TOML_PLAIN)
    return text if not inline or "\n" not in text else "7"


def toml_lines(draft):
    lines = ""
    for _ in range(draft.rng.randrange(1, 9)):
        lines += draft.blank_lines()
        if draft.chance(0.2):
            lines += "#" + draft.prose() + "\n"
        key = draft.pick("{}", "{}", "{}", "{}.k", "'{} k'", '"{}.x"',
                         '"\\u00e9{}"').format(draft.name())
        lines += draft.pick("", "", "  ") + key + \
            draft.pick(" = ", "=", "\t=\t") + toml_value(draft, 0, False) + \
            draft.pick("", "", "", " # c", "\t# it's") + "\n"
    return lines


def draw_toml(draft, name):
    del name
    draft.text = toml_lines(draft)
    for _ in range(draft.rng.randrange(4)):
        table = draft.name()
        if draft.chance(0.3):
            for _ in range(2):
                draft.text += f"[[{table}]]\n" + toml_lines(draft)
        else:
            draft.text += draft.pick("[{}]", "[{}.k]", "[ {} ] # c",
                                     '["{}.x"]').format(table) + "\n" + \
                toml_lines(draft)
    return draft.finish(0.3)


# --- XML ---

TEXTS = ["{}", "a {} b", "<![CDATA[{}]]>", "&amp;{}", "&#x41;{}&lt;", "{}{}",
         "a <![CDATA[<x> {}]]> b", "\n  {}\n", "<!-- it's -->{}", "{}<?p q?>",
         ""]


def xml_element(draft, depth, pad):
    name = draft.pick("", "x:") + draft.name()
    quote = draft.pick('"', "'")
    attributes = "".join(
        draft.pick(" ", "  ", "\n" + pad) + draft.name() +
        draft.pick("=", " = ", "=") + quote +
        filled(draft, draft.pick("{}", "a {} b", "&quot;{}", "x", "{};{}",
                                 "&#10;{}")) + quote
        for _ in range(draft.rng.randrange(3)))
    if draft.chance(0.1):
        return f"<{name}{attributes}/>"
    if depth < 4 and draft.chance(0.4):
        inner = "".join(
            f"\n{pad}  " + draft.pick("", "", "<!-- " +
                                      draft.prose("'\"&<>;[]=") + " -->")
            + xml_element(draft, depth + 1, pad + "  ")
            for _ in range(draft.rng.randrange(1, 6))) + "\n" + pad
    else:
        inner = filled(draft, draft.pick(*TEXTS))
    return f"<{name}{attributes}>{inner}</{name}{draft.pick('', ' ')}>"


def draw_xml(draft, name):
    del name
    draft.text = draft.pick(
        "", "", '<?xml version="1.0"?>\n', "<!DOCTYPE r>\n",
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- c -->\n") + \
        '<r xmlns:x="urn:x">\n' + "\n".join(
            xml_element(draft, 1, "") for _ in
            range(draft.rng.randrange(3, 10))) + "\n</r>" + \
        draft.pick("", "\n", "\n<!-- c -->\n")
    return draft.finish()
