# SPDX-License-Identifier: MIT
dist_man_MANS = \
	%D%/keyplate.1 \
	%D%/keyplate.conf.5
