const dayMs = 86_400_000;

/** Words for days and times, in the language and time zone of whoever reads. */
export class DayLabels {
    #clock;
    #full;
    #day;
    #dayOfYear;
    #relative;

    /** @param {string} [locale]
     * @param {string} [timeZone] */
    constructor(locale, timeZone) {
        this.#clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone });
        this.#full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium", timeZone });
        this.#day = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone });
        // Sweden writes a day as computers do.
        this.#dayOfYear = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone });
        this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    }

    /** The day as `2026-11-20`: equal for times of one day. Empty for a time that no calendar has.
     * @param {number} time milliseconds since 1970
     * @returns {string} */
    dayOf(time) {
        return isTime(time) ? this.#dayOfYear.format(time) : "";
    }

    /** "Today", "Yesterday" or "Friday, 20 November 2026".
     * @param {number} time
     * @param {number} now
     * @returns {string} */
    day(time, now) {
        const days = (Date.parse(this.dayOf(time)) - Date.parse(this.dayOf(now))) / dayMs;
        return days === 0 || days === -1
            ? capitalized(this.#relative.format(days, "day")) : this.#day.format(time);
    }

    /** "14:05", or as one writes it there.
     * @param {number} time
     * @returns {string} */
    clock(time) {
        return isTime(time) ? this.#clock.format(time) : "";
    }

    /** The whole date and time.
     * @param {number} time
     * @returns {string} */
    full(time) {
        return isTime(time) ? this.#full.format(time) : "";
    }
}

/** Whether a calendar has it: a broken server may say anything.
 * @param {unknown} time
 * @returns {boolean} */
export function isTime(time) {
    return typeof time === "number" && Math.abs(time) <= 8_640_000_000_000_000;
}

function capitalized(text) {
    const [first = ""] = text;
    return first.toLocaleUpperCase() + text.slice(first.length);
}
