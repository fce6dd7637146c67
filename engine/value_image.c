/* SPDX-License-Identifier: ISC */
/* References to container images; what they mean is image.h's. */
#include "error.h"
#include "image.h"
#include "value_types.h"

static int read_image(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	struct writ_image image;

	if (writ_image_parse(arena, value->text, &image) < 0)
		return writ_value_fail(arena, value, err, "is no image reference");
	return 0;
}

const struct writ_value_type writ_type_image = {
	.name = "image",
	.kind = WRIT_VALUE_IMAGE,
	.read = read_image,
};
