/** Ticks a second (CONFIG_HZ). */
export const HZ = 100;
/** The counter begins five minutes before it overflows, so that whoever gets that wrong is found soon (linux/jiffies.h). */
const INITIAL_JIFFIES = -300 * HZ;

/** The 32 bits of `jiffies` at a simulated time. */
export const jiffiesAt = (timeNs: number): number => (Math.floor((timeNs / 1e9) * HZ) + INITIAL_JIFFIES) >>> 0;
