/* SPDX-License-Identifier: MIT */
/*
 * report - the only printer of problems, on standard error.
 *
 * As text, the default:
 *
 *	keyplate: /etc/app.ini:12:9: no value for "db_password"
 *	    password = ${db_password}
 *	               ^~~~~~~~~~~~~~
 *	    hint: did you mean "db_passwd"?
 *
 * and as one JSON object a line, members without a value left out:
 *
 *	{"severity":"error","path":"/etc/app.ini","line":12,"column":9,
 *	"message":"...","error":"No such file or directory","hint":"..."}
 *
 * as compilers do, or as annotations of GitHub's workflows, which have a line
 * for a problem, too:
 *
 *	/etc/app.ini:12:9: error: no value for "db_password"
 *	/etc/app.ini:12:9: note: did you mean "db_passwd"?
 *
 *	::error file=/etc/app.ini,line=12,col=9::no value ...%0Ahint: did ...
 */
#ifndef KP_CLI_REPORT_H
#define KP_CLI_REPORT_H

#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"

/*
 * Print what is in diags by place, each problem with one write(2), and forget
 * it; diags->errors stays.  Warnings are left out under --quiet, notes
 * without --verbose.  What cannot be written is lost: a log reader that is
 * gone or asleep must not hold up the service.
 */
void kp_report(struct kp_diags *diags, const struct kp_options *options);

/*
 * Show line, printable and of 79 columns at most, in place of the one shown
 * before; NULL takes that away.  Nothing where standard error is no terminal,
 * under --quiet, and where messages are not text.
 */
void kp_report_progress(const char *line, const struct kp_options *options);

/*
 * Append one problem as it is printed.  Control characters in it, what is
 * not UTF-8, and characters that would turn the line around are escaped.
 */
void kp_report_add_text(const struct kp_diag *diag, bool color,
    struct kp_buf *out);
void kp_report_add_json(const struct kp_diag *diag, struct kp_buf *out);
void kp_report_add_gcc(const struct kp_diag *diag, struct kp_buf *out);
void kp_report_add_github(const struct kp_diag *diag, struct kp_buf *out);

#endif
