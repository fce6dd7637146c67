#!/bin/sh
# SPDX-License-Identifier: ISC
# Stands before update-rc.d while ./dev installs packages: nothing is started, nothing enabled.
exit 0
