/** `JSON.stringify`, from before code under test could put another function in its place. */
export const jsonText = JSON.stringify
