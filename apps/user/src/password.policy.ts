/** Counts code points, so that an emoji is not two characters. */
export const isLongEnough = (password: string, minLength: number): boolean => [...password].length >= minLength;
