// Runs before the first paint, so that the page never flashes in the other theme; the rest is
// theme-choice.js.
{
    let chosen;
    try {
        chosen = localStorage.getItem("parley:theme");
    } catch {
        // Without storage the system's theme it is.
    }
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
