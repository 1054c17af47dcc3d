// SPDX-License-Identifier: GPL-2.0
/*
 * What goes on, for who waits at a terminal: a line with the seconds, from the
 * second one on, that is gone at the end. Most of the time is a library's, in
 * one call: a timer interrupts it.
 */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "elfimage.h"

#define FIRST	2		/* seconds */

static const char program[] = "\rmkelfImage: ";
static const char clear[] = "\r\x1b[K";

/* The handler's as well; all calls between are of functions that may be anything. */
static const char *doing;
static sig_atomic_t seconds;
static sig_atomic_t shown;

static char *append(char *p, const char *end, const char *text)
{
	while (p < end && *text)
		*p++ = *text++;
	return p;
}

static char *append_number(char *p, const char *end, unsigned int number)
{
	char digits[12] = {};
	size_t at = sizeof(digits) - 1;

	do
		digits[--at] = '0' + number % 10;
	while (number /= 10);
	return append(p, end, digits + at);
}

static void put(const char *text, size_t size)
{
	/* There is nobody to tell that nobody can be told. */
	if (write(STDERR_FILENO, text, size) < 0)
		doing = NULL;
}

/* Nothing that a signal's handler may not do: no printf(). */
static void tick(int number)
{
	char line[80];
	const char *end = line + sizeof(line);
	char *p = line;

	(void)number;
	seconds++;
	if (seconds < FIRST || !doing)
		return;
	p = append(p, end, program);
	p = append(p, end, doing);
	p = append(p, end, ", ");
	p = append_number(p, end, seconds);
	p = append(p, end, " s");
	put(line, p - line);
	shown = 1;
}

static void start(void)
{
	const struct itimerval second = {
		.it_interval = { .tv_sec = 1 }, .it_value = { .tv_sec = 1 }
	};
	struct sigaction action = { .sa_flags = SA_RESTART };

	action.sa_handler = tick;
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &second, NULL);
}

/**
 * progress_on - say what goes on from now on, if that takes long
 * @what: a word or two, which must stay
 *
 * Where standard error is no terminal nothing is said.
 */
void progress_on(const char *what)
{
	if (!doing && isatty(STDERR_FILENO))
		start();
	doing = what;
}

/**
 * progress_clear - the line goes, for a message
 */
void progress_clear(void)
{
	if (shown)
		put(clear, sizeof(clear) - 1);
	shown = 0;
}

/**
 * progress_end - the line goes, and does not come back
 */
void progress_end(void)
{
	doing = NULL;
	progress_clear();
}
