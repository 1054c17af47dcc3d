/* SPDX-License-Identifier: GPL-2.0 */
/*
 * I/O ports.
 */
#include <linux/linkage.h>

	.text
	.code32

/*
 * u8 port_read(u16 port)
 */
SYM_FUNC_START(port_read)
	movl	%eax, %edx
	inb	%dx, %al
	ret
SYM_FUNC_END(port_read)

/*
 * void port_write(u8 value, u16 port)
 */
SYM_FUNC_START(port_write)
	outb	%al, %dx
	ret
SYM_FUNC_END(port_write)

/*
 * void port_write16(u16 value, u16 port)
 */
SYM_FUNC_START(port_write16)
	outw	%ax, %dx
	ret
SYM_FUNC_END(port_write16)
