/* SPDX-License-Identifier: ISC */
/* What every fuzz target defines: libFuzzer's entry point, or runner.c's. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
