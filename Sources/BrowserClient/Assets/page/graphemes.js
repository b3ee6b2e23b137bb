const segmenter = Intl.Segmenter && new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The characters of a text as people count them: a flag, a family or a letter with its accents is one.
 * @param {string} text
 * @returns {string[]} */
export function graphemes(text) {
    return segmenter ? [...segmenter.segment(text)].map(({ segment }) => segment) : [...text];
}
