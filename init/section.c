// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "section.h"

static size_t find(Elf *elf, const char *name, size_t *size)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return 0;
	while ((section = elf_nextscn(elf, section))) {
		const char *own = gelf_getshdr(section, &header)
					  ? elf_strptr(elf, names, header.sh_name)
					  : NULL;

		if (own && !strcmp(own, name)) {
			*size = header.sh_size;
			return header.sh_offset;
		}
	}
	return 0;
}

size_t section_find(const char *file, const char *name, size_t *size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t offset = 0;
	Elf *elf;

	if (fd < 0)
		return 0;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		offset = find(elf, name, size);
	elf_end(elf);
	close(fd);
	return offset;
}
