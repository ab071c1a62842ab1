# SPDX-License-Identifier: MIT
dist_man_MANS = \
	%D%/keyplate-formats.7 \
	%D%/keyplate-migrate.7 \
	%D%/keyplate.1 \
	%D%/keyplate.conf.5
