/** 10^0 to 10^22: the powers that a double holds exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, at) => 10 ** at)
