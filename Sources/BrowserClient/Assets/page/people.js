import { collator } from "./collator.js";
import { balanced } from "./displayed-text.js";
import { initials, nameOf, tint } from "./names.js";

/** How many people are listed; of more only the number is told. */
const shownLimit = 200;
/** How many are sorted by name: sorting 100,000 would freeze the page. */
const sortedLimit = 2000;

/** Whom to list: ourselves first, then by name, and how many more there are. `roster.count` is right where
 * `members` was cut.
 * @param {{members: Map<string, any>, count: number} | undefined} roster
 * @param {string | undefined} self
 * @returns {{shown: {user: string, name: string}[], others: number}} */
export function peopleToShow(roster, self) {
    const people = [];
    for (const member of roster?.members.values() ?? []) {
        if (people.length >= sortedLimit && member.user !== self) continue;
        people.push({ user: member.user, name: nameOf(member) });
    }
    const rank = ({ user }) => (user === self ? 0 : 1);
    people.sort((left, right) => rank(left) - rank(right) || collator.compare(left.name, right.name));
    const shown = people.slice(0, shownLimit);
    return { shown, others: Math.max(0, (roster?.count ?? 0) - shown.length) };
}

/** Who is in the open room, as a list and as a number in the head. */
export class People {
    #list;
    #count;
    #button;
    /** @type {any} */
    #next;
    #isDue = false;

    /** @param {HTMLElement} list
     * @param {HTMLElement} button has the number in it
     * @param {HTMLElement} count */
    constructor(list, button, count) {
        this.#list = list;
        this.#button = button;
        this.#count = count;
    }

    /** At most once a moment, however many come and go.
     * @param {{members: Map<string, any>, count: number} | undefined} roster
     * @param {string | undefined} self
     * @param {boolean} [isHidden] whether we may not know who is there */
    show(roster, self, isHidden = false) {
        this.#next = { roster, self, isHidden };
        if (this.#isDue) return;
        this.#isDue = true;
        setTimeout(() => this.#render(), 50);
    }

    #render() {
        this.#isDue = false;
        const { roster, self, isHidden } = this.#next;
        const { shown, others } = peopleToShow(roster, self);
        const items = shown.map((member) => personItem(member, member.user === self));
        if (others > 0) items.push(moreItem(`and ${others.toLocaleString("en")} more`));
        if (isHidden) items.push(moreItem("You cannot see who is here."));
        this.#list.replaceChildren(...items);
        const count = roster ? shown.length + others : 0;
        this.#count.textContent = count === 0 ? "" : count.toLocaleString("en");
        this.#button.setAttribute("aria-label", count === 0 ? "People" : `People: ${count} here now`);
    }
}

function personItem({ user, name }, isSelf) {
    const item = document.createElement("li");
    item.dataset.user = user;
    const avatar = part(item, "span", `avatar tint-${tint(user)}`, "");
    avatar.dataset.initials = initials(name);
    avatar.setAttribute("aria-hidden", "true");
    part(item, "bdi", "name", name).title = name === user ? name : `${name} · ${balanced(user)}`;
    if (isSelf) item.append(" ");
    if (isSelf) part(item, "span", "you", "(you)");
    return item;
}

function moreItem(text) {
    const item = document.createElement("li");
    part(item, "span", "more", text);
    return item;
}

function part(parent, kind, name, text) {
    const made = document.createElement(kind);
    made.className = name;
    made.textContent = text;
    parent.append(made);
    return made;
}
