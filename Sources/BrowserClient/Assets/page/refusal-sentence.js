/** Why a room cannot be entered, for a person; the server's words where they are meant for one.
 * @param {{name: string, message: string}} error
 * @returns {string} */
export function refusalSentence({ name, message }) {
    if (name === "forbidden") return "Your link does not let you in here. Ask whoever gave it to you.";
    if (name === "tooManyRooms") return "You are in as many rooms as one can be in. Leave another one first.";
    return message;
}

/** Why a message was not sent, and whether it makes sense to try again. What a link does not allow it will
 * not allow a moment later; a draft of an earlier visit may have been written with another link.
 * @param {{at: number, error?: {name: string, message: string}}} draft
 * @param {number} visitStart
 * @returns {{sentence: string, mayRetry: boolean}} */
export function draftFailure({ at, error }, visitStart) {
    if (error?.name === "forbidden") {
        return { sentence: "Not sent: you may not write here.", mayRetry: at < visitStart };
    }
    return { sentence: error?.message ? `Not sent: ${error.message}` : "Not sent.", mayRetry: true };
}
