/** The line number program's vocabulary (DWARF 5 §7.22). */

/** Standard opcodes; 0 introduces an extended one. */
export const DW_LNS = {
  extended_op: 0x00,
  copy: 0x01,
  advance_pc: 0x02,
  advance_line: 0x03,
  set_file: 0x04,
  set_column: 0x05,
  negate_stmt: 0x06,
  set_basic_block: 0x07,
  const_add_pc: 0x08,
  fixed_advance_pc: 0x09,
  set_prologue_end: 0x0a,
  set_epilogue_begin: 0x0b,
  set_isa: 0x0c,
} as const;

/** Extended opcodes. */
export const DW_LNE = {
  end_sequence: 0x01,
  set_address: 0x02,
  define_file: 0x03,
  set_discriminator: 0x04,
} as const;

/** What a field of a directory's or file's entry is. */
export const DW_LNCT = {
  path: 0x0001,
  directory_index: 0x0002,
  timestamp: 0x0003,
  size: 0x0004,
  MD5: 0x0005,
  LLVM_source: 0x2001,
} as const;
