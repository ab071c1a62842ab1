# SPDX-License-Identifier: MIT
# complete - type words and a tab at zsh's prompt, print what the line is then.
# usage: zsh -f complete.zsh FOLDER-OF-COMPLETIONS WORDS

zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PROMPT= RPS1=; fpath=(${(q)1} \$fpath)"
zpty -w shell "autoload -Uz compinit; compinit -u -D; print -r -- REA''DY"
zpty -r shell out '*READY*'
# The line that comes of it becomes the words of a command.
zpty -n -w shell "$2"$'\t\C-a'"print -r -- GO''T: "$'\n'
zpty -r shell out $'*GOT: *\n'
print -r -- ${out##*GOT: }
