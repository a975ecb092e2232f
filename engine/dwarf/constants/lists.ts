/** Kinds of entries of range and location lists (DWARF 5 §7.7.3, §7.25). */

/** Range list entries, .debug_rnglists. */
export const DW_RLE = {
  end_of_list: 0x00,
  base_addressx: 0x01,
  startx_endx: 0x02,
  startx_length: 0x03,
  offset_pair: 0x04,
  base_address: 0x05,
  start_end: 0x06,
  start_length: 0x07,
} as const;

/** Location list entries, .debug_loclists. */
export const DW_LLE = {
  end_of_list: 0x00,
  base_addressx: 0x01,
  startx_endx: 0x02,
  startx_length: 0x03,
  offset_pair: 0x04,
  default_location: 0x05,
  base_address: 0x06,
  start_end: 0x07,
  start_length: 0x08,
  GNU_view_pair: 0x09,
} as const;

/** Location list entries of .debug_loc.dwo, before DWARF 5 (GNU DebugFission). */
export const DW_LLE_GNU = {
  end_of_list_entry: 0x00,
  base_address_selection_entry: 0x01,
  start_end_entry: 0x02,
  start_length_entry: 0x03,
} as const;
