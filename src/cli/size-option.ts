/** The option of `trace` and `matrix` that gives packets a size. */
export const SIZE_FLAGS = "--size <bytes|full>";
/** What it says of itself. */
export const SIZE_HELP = "packets of this length that must not be cut, or as long as both ends send them";
