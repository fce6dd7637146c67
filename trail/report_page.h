/* SPDX-License-Identifier: ISC */
/* The page of a report, made from trail/report when writ is built: what stands before and after
 * its data blocks. */
#pragma once

extern const char writ_report_page_begin[], writ_report_page_end[];
