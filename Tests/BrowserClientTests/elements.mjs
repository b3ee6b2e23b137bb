// As much of a page's elements as message-list.js asks for; real browsers are driven by Tests/browser.

export class Element extends EventTarget {
    children = [];
    dataset = {};
    textContent = "";
    scrollTop = 0;
    scrollHeight = 0;
    clientHeight = 0;
    parent;
    #classes = new Set();

    classList = {
        add: (...names) => names.forEach((name) => this.#classes.add(name)),
        replace: (old, name) => this.#classes.delete(old) && this.#classes.add(name),
    };
    get className() {
        return [...this.#classes].join(" ");
    }
    set className(names) {
        this.#classes = new Set(names.split(" "));
    }
    get isConnected() {
        return this.parent !== undefined;
    }
    get firstElementChild() {
        return this.children[0] ?? null;
    }
    querySelector(selector) {
        return this.children.find(({ className }) => `.${className}` === selector) ?? null;
    }
    insertBefore(element, next) {
        const place = next === null ? this.children.length : this.children.indexOf(next);
        if (place < 0) throw new Error("that is no child");
        this.children.splice(place, 0, element);
        element.parent = this;
    }
    append(...elements) {
        for (const element of elements) this.insertBefore(element, null);
    }
    prepend(...elements) {
        for (const element of elements.reverse()) this.insertBefore(element, this.firstElementChild);
    }
    remove() {
        this.parent?.children.splice(this.parent.children.indexOf(this), 1);
        this.parent = undefined;
    }
    replaceWith(element) {
        this.parent.insertBefore(element, this);
        this.remove();
    }
    replaceChildren(...elements) {
        for (const child of [...this.children]) child.remove();
        this.append(...elements);
    }
}

globalThis.document = { createElement: () => new Element() };
