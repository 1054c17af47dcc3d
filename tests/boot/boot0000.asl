/*
 * What coreboot's acpi_ssdt_write_cbtable() writes: a device that says where
 * its table is. On the test firmware with 256 MiB that is 0xff00000.
 */
DefinitionBlock ("", "SSDT", 2, "ELFBT", "CBTABLE", 1)
{
	Scope (\_SB)
	{
		Device (CTBL)
		{
			Name (_HID, "BOOT0000")
			Name (_UID, 0)
			Name (_STA, 0x0b)
			Name (_CRS, ResourceTemplate ()
			{
				Memory32Fixed (ReadOnly, 0x0ff00000, 0x1000)
			})
		}
	}
}
