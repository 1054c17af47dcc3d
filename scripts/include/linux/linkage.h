/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Those of the kernel's annotations of assembler symbols that the stub uses;
 * without a tree nobody but the symbol table reads them.
 */
#ifndef SCRIPTS_LINUX_LINKAGE_H
#define SCRIPTS_LINUX_LINKAGE_H

#define SYM_L_GLOBAL(name)	.globl name
#define SYM_L_LOCAL(name)

#define SYM_ALIGNED(name, linkage)	\
	linkage(name);			\
	.p2align 4, 0x90;		\
name:

#define SYM_UNALIGNED(name, linkage)	\
	linkage(name);			\
name:

#define SYM_SIZED(name, kind)		\
	.type name, kind;		\
	.size name, . - name

#define SYM_FUNC_START(name)		SYM_ALIGNED(name, SYM_L_GLOBAL)
#define SYM_FUNC_END(name)		SYM_SIZED(name, @function)

#define SYM_CODE_START(name)		SYM_ALIGNED(name, SYM_L_GLOBAL)
#define SYM_CODE_START_LOCAL(name)	SYM_ALIGNED(name, SYM_L_LOCAL)
#define SYM_CODE_END(name)		SYM_SIZED(name, @notype)

#define SYM_DATA_START(name)		SYM_UNALIGNED(name, SYM_L_GLOBAL)
#define SYM_DATA_START_LOCAL(name)	SYM_UNALIGNED(name, SYM_L_LOCAL)
#define SYM_DATA_END(name)		SYM_SIZED(name, @object)
#define SYM_DATA_END_LABEL(name, linkage, label)	\
	SYM_UNALIGNED(label, linkage);			\
	SYM_DATA_END(name)
#define SYM_DATA_LOCAL(name, ...)		\
	SYM_DATA_START_LOCAL(name);		\
	__VA_ARGS__;				\
	SYM_DATA_END(name)

#define SYM_INNER_LABEL(name, linkage)	SYM_UNALIGNED(name, linkage)

#endif /* SCRIPTS_LINUX_LINKAGE_H */
