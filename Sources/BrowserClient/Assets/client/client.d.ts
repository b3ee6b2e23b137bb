/** A session with a Parley server that outlives its connections. */
export class Parley {}
