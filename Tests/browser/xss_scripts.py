"""What xss.py runs in the page."""

CANARY = """
    const cry = (what) => window.__cry(`${what} (${location.href})`);
    Object.defineProperty(window, "__pwned", { set: () => cry("a script ran"), get: () => undefined });
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
        window[name] = () => cry(`${name} was called`);
    }
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
        cry(`the policy stopped ${violatedDirective} ${blockedURI} ${sample}`), true);
"""

PLANTED = """function richText(text) {
    const planted = document.createDocumentFragment();
    planted.append(document.createElement("div"));
    planted.firstChild.innerHTML = text;
    return planted;
"""

# Everything within the texts, and whatever on the whole page could run, load or lead somewhere.
INSPECT = """(least) => {
    const attributes = (element) => [...element.attributes].map(({ name, value }) => [name, value]);
    const described = (element) => ({ tag: element.localName, attributes: attributes(element) });
    return [...document.querySelectorAll("#messages li[data-offset]")].map((item) => ({
        offset: Number(item.dataset.offset),
        who: item.querySelector(".who")?.textContent,
        text: item.querySelector(".text").textContent,
        elements: [...item.querySelectorAll(".text *")].map(described),
    })).filter(({ offset }) => offset >= least);
}"""
DANGERS = """() => {
    const kinds = "script, iframe, frame, object, embed, base, meta, link, style, "
        + "img, video, audio, form, input, math";
    const all = [...document.querySelectorAll("*")];
    return {
        count: document.querySelectorAll(kinds).length,
        handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => /^on/i.test(name))),
        addresses: all
            .flatMap((one) => ["href", "src", "action", "formaction"].map((name) => one.getAttribute(name)))
            .filter((value) => /^[\\s\\0-\\x1f]*(javascript|data|vbscript|blob):/i.test(value ?? "")),
    };
}"""
# Waits for something, looking as often as the page is painted.
UNTIL = """
    window.until = async (truth, what) => {
        const end = performance.now() + 10000;
        while (!truth()) {
            if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
            await new Promise(requestAnimationFrame);
        }
    };
"""
# Everybody of a list connects and joins a room; answers with the roster.
GATHER = """async ([people, room]) => {
    window.sockets = await Promise.all(people.map(({ user, name }) => new Promise((resolve, reject) => {
        const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`);
        const connect = { user, name, rooms: [{ room, events: [] }] };
        socket.onopen = () => socket.send(JSON.stringify({ id: 1, connect }));
        socket.onmessage = ({ data }) => (data.includes('"ok"') ? resolve(socket) : reject(new Error(data)));
        socket.onclose = ({ reason }) => reject(new Error(reason));
    })));
    const items = document.querySelector("#people").children;
    await until(() => items.length === people.length + 1, "everybody is in the roster");
    return [...items].map((item) => [item.dataset.user, (item.querySelector(".name") ?? item).textContent]);
}"""
# Some type, and then say something; answers with what each was called.
TALK = """async ([room, text, step]) => {
    const called = [];
    const line = document.querySelector("#typing");
    const last = (part) =>
        [...document.querySelectorAll(`#messages li[data-offset] ${part}`)].at(-1)?.textContent;
    for (let index = 0; index < window.sockets.length; index += step) {
        const socket = window.sockets[index];
        const body = { text: `${text} ${index}` };
        socket.send(JSON.stringify({ typing: { room } }));
        await until(() => line.textContent !== "", `${index} types`);
        const typist = line.textContent;
        const clientId = body.text.replaceAll(" ", "-");
        socket.send(JSON.stringify({ id: 2, publish: { room, clientId, body } }));
        await until(() => line.textContent === "" && last(".text") === body.text, `${index} speaks`);
        called.push([typist, last(".who")]);
    }
    return called;
}"""
LEAVE = """async (room) => {
    for (const socket of window.sockets) {
        socket.onclose = null;
        socket.send(JSON.stringify({ id: 9, leave: { room } }));
        socket.close();
    }
    await until(() => document.querySelector("#people").children.length === 1, "everybody has left");
}"""
# Goes to a room and waits until the page shows it; answers with what the page shows then.
VISIT = """async (room) => {
    location.hash = encodeURIComponent(room);
    const title = document.querySelector("#room-title");
    const plain = (text) => text.replace(/[\\u202a-\\u202e\\u2066-\\u2069]/g, "");
    await until(() => plain(title.textContent) === plain(room), `the title is ${room}`);
}"""
