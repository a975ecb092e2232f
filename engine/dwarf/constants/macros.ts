/** Entries of .debug_macro (DWARF 5 §7.23) and of .debug_macinfo before it (DWARF 4 §7.22). */

/** GNU's version 4 has the same numbers: what DWARF 5 calls strp and sup, it calls indirect and alt. */
export const DW_MACRO = {
  define: 0x01,
  undef: 0x02,
  start_file: 0x03,
  end_file: 0x04,
  define_strp: 0x05,
  undef_strp: 0x06,
  import: 0x07,
  define_sup: 0x08,
  undef_sup: 0x09,
  import_sup: 0x0a,
  define_strx: 0x0b,
  undef_strx: 0x0c,
} as const;

/** Its first four are those of DW_MACRO. */
export const DW_MACINFO = {
  vendor_ext: 0xff,
} as const;
