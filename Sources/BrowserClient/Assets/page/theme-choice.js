/** The themes in the order the button goes through them. */
const themes = [
    { name: "auto", words: "as the system has it" },
    { name: "light", words: "light" },
    { name: "dark", words: "dark" },
];

/** The one after, for a button that goes round.
 * @param {string} name */
export function nextTheme(name) {
    const place = themes.findIndex((theme) => theme.name === name);
    return themes[(place + 1) % themes.length].name;
}

/** The button that chooses between light, dark and the system's. theme.js applies the choice before the first
 * paint.
 * @param {HTMLElement} button
 * @param {import("./kept.js").Kept} kept */
export function followTheme(button, kept) {
    const show = () => {
        const kind = kept.read("parley:theme") ?? "auto";
        const theme = themes.find(({ name }) => name === kind) ?? themes[0];
        if (theme.name === "auto") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = theme.name;
        // The browser's own bars follow the system, unless somebody chose.
        for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
            const scheme = meta.id === "dark-bars" ? "dark" : "light";
            const isChosen = theme.name === "auto"
                ? `(prefers-color-scheme: ${scheme})` : theme.name === scheme ? "all" : "not all";
            meta.setAttribute("media", isChosen);
        }
        button.dataset.choice = theme.name;
        button.querySelector("use")?.setAttribute("href", `#i-${theme.name}`);
        const words = `Theme: ${theme.words}`;
        button.setAttribute("aria-label", words);
        button.title = words;
    };
    button.addEventListener("click", () => {
        const next = nextTheme(button.dataset.choice ?? "auto");
        kept.write("parley:theme", next === "auto" ? undefined : next);
        show();
    });
    addEventListener("storage", show);
    show();
}
