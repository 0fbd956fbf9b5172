/** What gives way to what under overload, highest first, and the share of a limit each may use with those below it. */
export const priorityShares = { order: 1, login: 0.8, profile: 0.7, catalogue: 0.6 } as const;

export type Priority = keyof typeof priorityShares;
