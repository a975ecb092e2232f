/** Small tables of attribute values (DWARF 5 §7.8 to §7.16) and of sections. */

/** Encodings of base types (§7.8). */
export const DW_ATE = {
  address: 0x01,
  boolean: 0x02,
  complex_float: 0x03,
  float: 0x04,
  signed: 0x05,
  signed_char: 0x06,
  unsigned: 0x07,
  unsigned_char: 0x08,
  imaginary_float: 0x09,
  packed_decimal: 0x0a,
  numeric_string: 0x0b,
  edited: 0x0c,
  signed_fixed: 0x0d,
  unsigned_fixed: 0x0e,
  decimal_float: 0x0f,
  UTF: 0x10,
  UCS: 0x11,
  ASCII: 0x12,
} as const;

/** Accessibility (§7.9). */
export const DW_ACCESS = {
  public: 0x01,
  protected: 0x02,
  private: 0x03,
} as const;

/** Visibility (§7.10). */
export const DW_VIS = {
  local: 0x01,
  exported: 0x02,
  qualified: 0x03,
} as const;

/** Virtuality (§7.11). */
export const DW_VIRTUALITY = {
  none: 0x00,
  virtual: 0x01,
  pure_virtual: 0x02,
} as const;

/** Inline codes (§7.15). */
export const DW_INL = {
  not_inlined: 0x00,
  inlined: 0x01,
  declared_not_inlined: 0x02,
  declared_inlined: 0x03,
} as const;

/** Array ordering (§7.16). */
export const DW_ORD = {
  row_major: 0x00,
  col_major: 0x01,
} as const;

/** Discriminant descriptors of DW_AT_discr_list (§7.17). */
export const DW_DSC = {
  label: 0x00,
  range: 0x01,
} as const;

/** Calling conventions (§7.14). */
export const DW_CC = {
  normal: 0x01,
  program: 0x02,
  nocall: 0x03,
  pass_by_reference: 0x04,
  pass_by_value: 0x05,
} as const;

/** Defaulted member functions (§7.24). */
export const DW_DEFAULTED = {
  no: 0x00,
  in_class: 0x01,
  out_of_class: 0x02,
} as const;

/** Endianity (§7.8). */
export const DW_END = {
  default: 0x00,
  big: 0x01,
  little: 0x02,
} as const;

/** Whether entries of an abbreviation own others (§7.5.3). */
export const DW_CHILDREN = {
  no: 0x00,
  yes: 0x01,
} as const;

/** Unit types (§7.5.1). */
export const DW_UT = {
  compile: 0x01,
  type: 0x02,
  partial: 0x03,
  skeleton: 0x04,
  split_compile: 0x05,
  split_type: 0x06,
} as const;

/** Columns of .debug_names (§7.19). */
export const DW_IDX = {
  compile_unit: 0x01,
  type_unit: 0x02,
  die_offset: 0x03,
  parent: 0x04,
  type_hash: 0x05,
} as const;

/** Columns of the package files' .debug_cu_index and .debug_tu_index (§7.3.5). */
export const DW_SECT = {
  INFO: 0x01,
  ABBREV: 0x03,
  LINE: 0x04,
  LOCLISTS: 0x05,
  STR_OFFSETS: 0x06,
  MACRO: 0x07,
  RNGLISTS: 0x08,
} as const;
