# SPDX-License-Identifier: MIT
"""draw_env - random env files in each dialect, and properties."""

# By format: how a value may stand, with {} for each place; how lines begin;
# what a neighbour is; what a comment holds.
MARKS = "'\"`\\${}[]()<>&|;#=:%!?*@~^+-_.,/ "
DIALECTS = {
    "env": (
        ["{}", "{}", "'{}'", '"{}"', "pre-{}-post", "{}-{}", '"a b {}"'],
        [""], ["word", "a.b/c", "'two words'", '"q r"', "12", ""],
        "',.-+/@!?: ", 0),
    "env/compose": (
        ["{}", "{}", "'{}'", '"{}"', "a-{}-b", "{}{}", '"a\\n{}"',
         "{} # c", "'{}' # it's", '"${NONE_1:-x}{}"', "$NONE_1-{}",
         "'l1\n{}\nl3'", '"l1\n{}"', '"\\"{}\\""'],
        ["", "", "  ", "export "],
        ["word", "two words", "a#b", "a b # c", "'$x'", '"\\$x\\t"', "$$",
         "${NONE_1:-d}", "'l1\nl2'", '"l1\nA=b"', "", "é漢"], MARKS, 0.1),
    "env/sh": (
        ["{}", "{}", "'{}'", '"{}"', "a-{}-b", "{}{}", '"a b {}"',
         "'{}'\"{}\"", "x'{}'y", "{} # c", '"$NONE_1{}"', "a\\ {}",
         "$NONE_1{}", '"`echo x`{}"', '"$(echo \'y\')"{}', "{}; B1='{}'",
         "'l1\n{}'", '"\\"{}\\$"', "a\\\n{}", "${NONE_1:-x}{}"],
        ["", "", "  ", "export ", "readonly ", ": x; "],
        ["word", "'two words'", '"$NONE_1"', "a#b", "x # it's", "a\\ b",
         "$(echo 'a)b')", "'l1\nl2'", "${NONE_1:-'d e'}", "", "é漢",
         "\"$(echo \"a b\")\"", "`echo x`", "$((1 + 2))"], MARKS, 0),
    "env/systemd": (
        ["{}", "{}", "'{}'", '"{}"', "a-{}-b", "{}{}", '"a b {}"', "{} {}",
         "'{}' \"{}\"", "'l1\n{}'", "a\\ {}", '"\\"{}"', "{} # c",
         "a \\\n{}"],
        ["", "", "  "],
        ["word", "two words", "'q'", '"q\\"r"', "a#b;c", "a \\\n b", "'l\nm'",
         "$x", "", "é漢", "a\\x"], MARKS.replace("\\", ""), 0.1),
}


def draw(draft, name):
    places, starts, plain, marks, crlf = DIALECTS[name]
    for _ in range(draft.rng.randrange(5, 40)):
        draft.text += draft.blank_lines()
        if draft.chance(0.2):
            draft.text += "#" + (f"{draft.name().upper()}=old"
                                 if draft.chance(0.2) else
                                 draft.prose(marks)) + "\n"
        text = draft.pick(*(places if draft.chance(0.7) else plain))
        while "{}" in text:
            text = text.replace("{}", draft.slot(), 1)
        draft.text += f"{draft.pick(*starts)}{draft.name().upper()}" \
            f"={text}\n"
    return draft.finish(crlf)


PROPERTIES = ["{}", "{}", "a {} b", "{}{}", "x\\\n    {}", "{}\\\n  y",
              "\\u00e9{}", "{}\\\\", "=:{}", "\\ {}"]
PLAIN = ["word", "two words", "a\\\n  b", "\\u6f22", "a\\tb", "", "a=b:c#d!",
         "\\\\", "trail  "]


def draw_properties(draft, name):
    del name
    for _ in range(draft.rng.randrange(5, 40)):
        draft.text += draft.blank_lines()
        if draft.chance(0.2):
            draft.text += draft.pick("#", "!", "  # ") + (
                f"{draft.name()}=old" if draft.chance(0.2)
                else draft.prose()) + "\n"
        text = draft.pick(*(PROPERTIES if draft.chance(0.7) else PLAIN))
        while "{}" in text:
            text = text.replace("{}", draft.slot(), 1)
        key = draft.pick("", "a.", "a\\ ", "a\\:", "\\u0041.") + draft.name()
        draft.text += draft.pick("", "", "  ", "\t") + key + \
            draft.pick("=", " = ", ":", " ", "\t", " : ") + text + "\n"
    return draft.finish()
