/** An element with a class and a text.
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElement} */
export function element(tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className !== "") made.className = className;
    if (text !== "") made.textContent = text;
    return made;
}

/** A button that submits nothing.
 * @param {string} className
 * @param {string} text
 * @param {() => void} pressed
 * @returns {HTMLElement} */
export function button(className, text, pressed) {
    const made = /** @type {HTMLButtonElement} */ (element("button", className, text));
    made.type = "button";
    made.addEventListener("click", pressed);
    return made;
}
