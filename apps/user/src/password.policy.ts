/** Counts what a person would call characters, so that one emoji is not two. */
export const isLongEnough = (password: string, minLength: number): boolean => [...password].length >= minLength;
