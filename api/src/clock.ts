/** Time comes from here, so that a test or a simulation can move it. */
export const clock = { now: (): Date => new Date() };
