// Days and times in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DayLabels } from "../../Sources/BrowserClient/Assets/page/day-label.js";

const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;

test("today and yesterday are called so, in the reader's language; other days have their date", () => {
    const english = new DayLabels("en-GB", "UTC");
    const days = [0, 24, 48, -24].map((hours) => english.day(noon - hours * hour, noon));
    assert.deepEqual(days, ["Today", "Yesterday", "Thursday, 19 November 2026", "Sunday, 22 November 2026"]);
    assert.equal(new DayLabels("de", "UTC").day(noon - 24 * hour, noon), "Gestern");
});

test("a day ends at the reader's midnight", () => {
    const west = new DayLabels("en-GB", "America/New_York");
    assert.equal(west.day(Date.UTC(2026, 10, 21, 3), noon), "Yesterday");
    assert.equal(west.day(Date.UTC(2026, 10, 21, 6), noon), "Today");
});

test("the day after clocks were changed is no other day", () => {
    const berlin = new DayLabels("en-GB", "Europe/Berlin");
    const changed = Date.UTC(2026, 9, 25, 12);
    assert.equal(berlin.day(changed - 24 * hour, changed), "Yesterday");
    assert.equal(berlin.day(changed, changed + 12 * hour), "Yesterday");
});

test("a time that no calendar has is empty", () => {
    const labels = new DayLabels("en-GB", "UTC");
    for (const time of [1e300, NaN, undefined, "noon"]) {
        assert.deepEqual([labels.dayOf(time), labels.clock(time), labels.full(time)], ["", "", ""]);
    }
    assert.equal(labels.clock(noon), "12:00");
});
