// SPDX-License-Identifier: GPL-2.0
/*
 * How this firmware is to differ from today's coreboot: words with "+"
 * between them, from QEMU's command line
 * (-fw_cfg name=opt/elfboot/firmware,string=WORD+WORD).
 */
#include "firmware.h"

#define SWITCHES_FILE	"opt/elfboot/firmware"
#define SWITCHES_LEN	255

static const struct {
	char word[16];
	u32 means;
} switches[] = {
	/* Older ways to enter the payload. */
	{ "noarg", SWITCH_NOARG },
	{ "notes", SWITCH_NOTES },
	{ "mb2013", SWITCH_MB2013 | SWITCH_OLDMAP | SWITCH_NOCACHE },
	{ "nocache", SWITCH_NOCACHE },

	/* Other things to tell. */
	{ "oldmap", SWITCH_OLDMAP },
	{ "oldserial", SWITCH_OLDSERIAL },
	{ "com2", SWITCH_COM2 },
	{ "fb", SWITCH_FB },
	{ "text", SWITCH_TEXT },
	{ "noacpi", SWITCH_NOACPI },
	{ "nofseg", SWITCH_NOFSEG },

	/* Faults. Whoever knows where the table is does not need 0x500. */
	{ "badheadersum", SWITCH_BADHEADERSUM },
	{ "badtablesum", SWITCH_BADTABLESUM },
	{ "size0", SWITCH_SIZE0 },
	{ "sizemax", SWITCH_SIZEMAX },
	{ "truncated", SWITCH_TRUNCATED },
	{ "forwardself", SWITCH_FORWARDSELF | SWITCH_NOARG },
	{ "forwardhigh", SWITCH_FORWARDHIGH | SWITCH_NOARG },
	{ "forwardgarbage", SWITCH_FORWARDGARBAGE | SWITCH_NOARG },
	{ "ranges300", SWITCH_RANGES300 },
	{ "overlap", SWITCH_OVERLAP },
	{ "absurdfb", SWITCH_ABSURDFB },
	{ "cbfsoverrun", SWITCH_CBFSOVERRUN },
};

static u32 switch_parse(struct log *log, const char *word)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(switches); i++)
		if (!strcmp(word, switches[i].word))
			return switches[i].means;
	die(log, "there is no switch \"%s\"", word);
}

/**
 * switches_read - read the words
 * @log: where to say which; a word that is not known is fatal
 *
 * Return: SWITCH_*.
 */
u32 switches_read(struct log *log)
{
	char words[SWITCHES_LEN + 1];
	u32 len, i, start, result = 0;
	u16 select;

	len = fwcfg_find(SWITCHES_FILE, &select);
	if (!len)
		return 0;
	if (len > SWITCHES_LEN)
		die(log, "the switches are too long");
	fwcfg_read(select, 0, words, len);
	words[len] = '\0';
	say(log, "switches %s", words);
	for (i = 0, start = 0; i <= len; i++) {
		if (words[i] && words[i] != '+')
			continue;
		words[i] = '\0';
		if (i != start)
			result |= switch_parse(log, words + start);
		start = i + 1;
	}
	return result;
}
