// SPDX-License-Identifier: GPL-2.0
/*
 * SBAT, the text in a section .sbat (shim's SBAT.md): lines of words between
 * commas, which begin with the name of a component and its generation. The first
 * line is about the format itself.
 */
#include <stdlib.h>
#include <string.h>

#include "uki.h"

#define FORMAT		"sbat,"

/* Return: false behind the last line. An empty line is none. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
	while (rest->size && *rest->data) {
		const uint8_t *end = memchr(rest->data, '\n', rest->size);
		const uint8_t *nul = memchr(rest->data, '\0', rest->size);

		if (!end || (nul && nul < end))
			end = nul ? nul : rest->data + rest->size;
		*line = (struct bytes){ rest->data, end - rest->data };
		bytes_take(rest, line->size);
		if (rest->size && *rest->data)
			bytes_take(rest, 1);
		if (line->size)
			return true;
	}
	return false;
}

/* Of the name and the comma behind it; 0: there is none. */
static size_t name_size(const struct bytes *line)
{
	const uint8_t *comma = memchr(line->data, ',', line->size);

	return comma ? comma + 1 - line->data : 0;
}

static bool same_name(const struct bytes *a, const struct bytes *b)
{
	size_t size = name_size(a);

	return size && size == name_size(b) && !memcmp(a->data, b->data, size);
}

static bool has_name_of(const struct bytes *sbat, const struct bytes *wanted)
{
	struct bytes rest = *sbat, line;

	while (next_line(&rest, &line))
		if (same_name(&line, wanted))
			return true;
	return false;
}

/**
 * sbat_has - look for a component
 * @sbat: the text, up to a NUL or its end
 * @component: its name and a comma
 *
 * Return: true if there is a line about it.
 */
bool sbat_has(const struct bytes *sbat, const char *component)
{
	struct bytes wanted = { (const uint8_t *)component, strlen(component) };

	return has_name_of(sbat, &wanted);
}

/* A name, a comma, a number that is not 0, and the line's end or a comma. */
static bool is_line(const struct bytes *line)
{
	size_t at = name_size(line), digits = 0;
	unsigned int i;

	if (at < 2)
		return false;
	for (i = 0; i < line->size; i++)
		if (line->data[i] < ' ' || line->data[i] > '~')
			return false;
	while (at < line->size && line->data[at] >= '0' && line->data[at] <= '9') {
		at++;
		digits++;
	}
	return digits && line->data[at - digits] != '0' &&
	       (at == line->size || line->data[at] == ',');
}

/**
 * sbat_check - is it such a text?
 * @sbat: the text
 *
 * Return: 0, or -1 with a message printed.
 */
int sbat_check(const struct bytes *sbat)
{
	struct bytes rest = *sbat, line;
	unsigned int number = 0;

	while (next_line(&rest, &line)) {
		if (!number && (line.size < strlen(FORMAT) ||
				memcmp(line.data, FORMAT, strlen(FORMAT))))
			return error("no SBAT: its first line does not begin with \"%s\"",
				     FORMAT);
		number++;
		if (!is_line(&line))
			return error("SBAT line %u is not COMPONENT,GENERATION,... in printable ASCII",
				     number);
	}
	return number ? 0 : error("no SBAT: there is no line in it");
}

static void put_line(struct room *room, const struct bytes *line)
{
	memcpy(room->data, line->data, line->size);
	room->data[line->size] = '\n';
	room_put(room, line->size + 1);
}

/**
 * sbat_join - put the lines of two texts into one
 * @own: all of this
 * @more: of this only lines about other components
 * @joined: result, with a NUL behind it: memory that stays
 *
 * Return: 0, or -1 with a message printed.
 */
int sbat_join(const struct bytes *own, const struct bytes *more,
	      struct bytes *joined)
{
	size_t size = own->size + more->size + 3;
	uint8_t *data = calloc(size, 1);
	struct room room = { data, size };
	struct bytes rest = *own, line;

	if (!data)
		return error("not enough memory");
	while (next_line(&rest, &line))
		put_line(&room, &line);
	rest = *more;
	while (next_line(&rest, &line))
		if (!has_name_of(own, &line))
			put_line(&room, &line);
	*joined = (struct bytes){ data, size - room.size + 1 };
	return 0;
}
