/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers of a serial port, as offsets.
 */
#ifndef FIRMWARE_UART_H
#define FIRMWARE_UART_H

#define UART_THR	0		/* transmit */
#define UART_IER	1		/* interrupts */
#define UART_DLL	0		/* divisor, with LCR_DLAB */
#define UART_DLM	1
#define UART_FCR	2
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5
#define UART_SCR	7		/* keeps what is written */

#define FCR_ENABLE_CLEAR	0x07
#define LCR_8N1			0x03
#define LCR_DLAB		0x80
#define MCR_DTR_RTS		0x03
#define LSR_THRE		0x20

#endif /* FIRMWARE_UART_H */
