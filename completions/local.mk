# SPDX-License-Identifier: MIT
#
# Where the shells look, below --prefix.  The files name no option: they ask
# keyplate, whose table is the only one.
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = %D%/keyplate

zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = %D%/_keyplate

fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = %D%/keyplate.fish
