/** The version of this client, which is that of the server it came with. */
export const version = "0.1.0";
