// What is made of a message: which parts, as which elements, and in what time.
import assert from "node:assert/strict";
import { test } from "node:test";

import { balanced, displayed } from "../../Sources/BrowserClient/Assets/page/displayed-text.js";
import { richText } from "../../Sources/BrowserClient/Assets/page/rich-text.js";
import { tokensOf } from "../../Sources/BrowserClient/Assets/page/rich-text-tokens.js";

/** Tokens in brackets: [text→href] is a link, {text} code, <language|text> a block, !text! big emoji. */
function drawn(source) {
    return tokensOf(source).map(({ kind, text, href, language }) => ({
        text: text,
        link: `[${text}→${href}]`,
        code: `{${text}}`,
        block: `<${language ?? ""}|${text}>`,
        jumbo: `!${text}!`,
    })[kind]).join("");
}

function draws(source, expected) {
    assert.equal(drawn(source), expected);
}

const link = (text, href = text) => `[${text}→${href}]`;

// --- links ---

test("a web address is a link, and the punctuation behind it is not of it", () => {
    draws("see https://a.example/b?c=d#e.", `see ${link("https://a.example/b?c=d#e")}.`);
    draws("HTTP://A.example!?", `${link("HTTP://A.example", "http://a.example/")}!?`);
    draws("“http://a.example/x”, he said", `“${link("http://a.example/x")}”, he said`);
    draws("看http://a.example/x，很好", `看${link("http://a.example/x")}，很好`);
});

test("a bracket is of the link when its partner is", () => {
    draws("(http://a.example/b_(c))", `(${link("http://a.example/b_(c)")})`);
    draws("[http://a.example/b].", `[${link("http://a.example/b")}].`);
    draws("http://a.example/((", `${link("http://a.example/")}((`);
    draws("[x](http://a.example/)", `[x](${link("http://a.example/")})`);
});

test("only http, https and mail addresses are links", () => {
    for (const text of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "//a.example", "www.a.example", "java\nscript:x", "javascript://a.example/%0aalert(1)",
        "[x](javascript:alert(1))"]) draws(text, text);
    draws("javascript:http://a.example/", `javascript:${link("http://a.example/")}`);
});

test("an address that hides where it leads is no link", () => {
    for (const text of ["http://bank.example@evil.example/", "http://u:p@a.example", "http:///a.example",
        "http://", "http://%zz/", "xhttp://a.example"]) draws(text, text);
});

test("a link ends at what turns the text around or cannot be seen", () => {
    draws("http://a.example/\u202egpj.exe", `${link("http://a.example/")}\u202egpj.exe\u202c`);
    draws("http://a.example/\u200bb", `${link("http://a.example/")}\u200bb`);
    draws("http://a.example/\u00adb", `${link("http://a.example/")}\u00adb`);
    draws("http://a.example\\@b.example", `${link("http://a.example", "http://a.example/")}\\@b.example`);
});

test("a host in one script is shown as typed, one that could imitate another in the network's form", () => {
    draws("https://müller.example/é",
        link("https://müller.example/é", "https://xn--mller-kva.example/%C3%A9"));
    draws("http://例え.jp/", link("http://例え.jp/", "http://xn--r8jz45g.jp/"));
    draws("http://почта.рф/", link("http://почта.рф/", "http://xn--80a1acny.xn--p1ai/"));
    draws("http://аррӏе.com/x", link("http://xn--80ak6aa92e.com/x"));
    draws("http://gооgle.com/x", link("http://xn--ggle-55da.com/x"));
    draws("http://0x7f.1/", link("http://127.0.0.1/"));
});

test("a mail address is a link, with mailto: or without, and brings no fields along", () => {
    draws("ask a.b+c@d.example, please", `ask ${link("a.b+c@d.example", "mailto:a.b+c@d.example")}, please`);
    draws("mailto:a@b.example?bcc=c@d.example",
        `${link("mailto:a@b.example", "mailto:a@b.example")}?bcc=`
            + link("c@d.example", "mailto:c@d.example"));
    for (const text of [
        "a@b", "@ann hello", "a@b.1", `${"a".repeat(65)}@b.example`, "éa@b.example", "a@@b.example",
    ]) {
        draws(text, text);
    }
});

// --- code ---

test("code within a line stands between runs of as many backticks", () => {
    draws("use `a <b>` and ``c ` d``", "use {a <b>} and {c ` d}");
    draws("`` ` `` and ```x```", "{`} and {x}");
    draws("`open", "`open");
    draws("`one\ntwo`", "`one\ntwo`");
    draws("`http://a.example`", "{http://a.example}");
});

test("a block of code stands between lines of ```, with its language", () => {
    draws("so:\n```swift\nlet a = `b`\n\n  c\n```\ndone", "so:<swift|let a = `b`\n\n  c>done");
    draws("```\nhttp://a.example\n```", "<|http://a.example>");
    draws("```let a = 1\nlet b```", "<|let a = 1\nlet b>");
    draws("```js\nnever ended", "```js\nnever ended");
    draws("```\n```", "```\n```");
});

test("nothing else of Markdown is known, and line breaks stay", () => {
    const text = "# *a* _b_ **c**\n\n> ~~d~~\n- e\r\n1. <f> &amp; ![g](h)";
    draws(text, text.replace("\r", ""));
});

// --- emoji ---

test("up to six emoji alone are big", () => {
    draws(" 👍🏽 ", "!👍🏽!");
    draws("👨‍👩‍👧 🇩🇪 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 😀", "!👨‍👩‍👧 🇩🇪 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 😀!");
    for (const text of ["😀😀😀😀😀😀😀", "😀 yes", "12", "#", "©", "", " ", "🇩"]) draws(text, text);
});

// --- what is shown of hostile text ---

test("more than eight combining marks on a character are cut to three; eight are left alone", () => {
    assert.equal(displayed(`a${"\u0301".repeat(10_000)}b`), "a\u0301\u0301\u0301b");
    assert.equal(displayed(`a${"\u0301\u200d".repeat(10_000)}b`), "a\u0301\u200d\u0301b");
    const eight = `a${"\u0301".repeat(8)}`;
    assert.equal(displayed(eight), eight);
});

test("control characters are shown as pictures, and every kind of line end is one", () => {
    assert.equal(displayed("a\0b\x1bc\x7fd\x9be\tf"), "a␀b␛c␡d\ufffde\tf");
    assert.equal(displayed("a\r\nb\rc\u2028d\u2029e\x85f\x0bg"), "a\nb\nc\nd\ne\nf\ng");
});

test("embeddings, overrides and isolates end in their line, and ends of nothing are left out", () => {
    assert.equal(balanced("\u202eabc\ndef"), "\u202eabc\u202c\ndef");
    assert.equal(balanced("\u2067a\u202eb"), "\u2067a\u202eb\u202c\u2069");
    assert.equal(balanced("\u2067a\u202eb\u2069c"), "\u2067a\u202eb\u2069c");
    assert.equal(balanced("\u2069\u202cabc\u2069"), "abc");
    assert.equal(balanced("\u2068a\u202c\u2069"), "\u2068a\u2069");
    assert.equal(balanced("\u202a\u2066a\u202c\u2069\u202c"), "\u202a\u2066a\u2069\u202c");
    assert.equal(balanced("\u200fשלום\u200e"), "\u200fשלום\u200e");
    assert.equal(balanced("\u202e".repeat(1000)), "\u202e".repeat(16) + "\u202c".repeat(16));
});

test("each part is balanced by itself: what begins before a link or code does not reach into it", () => {
    draws("\u202ea http://a.example/ b", `\u202ea \u202c${link("http://a.example/")} b`);
    draws("`\u2067a` b\u2069", "{\u2067a\u2069} b");
});

// --- elements ---

class Node {
    children = [];
    dataset = {};
    constructor(kind, text) {
        Object.assign(this, { kind, text });
    }
    append(...nodes) {
        this.children.push(...nodes);
    }
    setAttribute(name, value) {
        this[name] = value;
    }
}
globalThis.document = {
    createDocumentFragment: () => new Node("fragment"),
    createElement: (kind) => new Node(kind),
    createTextNode: (text) => new Node("#text", text),
};

test("a link opens elsewhere, gives nothing away, and its title is where it really leads", () => {
    const [, made] = richText("to http://ПОЧТА.рф").children;
    const { kind, href, title, rel, target, dir } = made;
    assert.deepEqual({ kind, href, title, rel, target, dir }, {
        kind: "a", href: "http://xn--80a1acny.xn--p1ai/", title: "http://xn--80a1acny.xn--p1ai/",
        rel: "noopener noreferrer nofollow", target: "_blank", dir: "ltr",
    });
    assert.deepEqual(made.children.map(({ kind, text }) => [kind, text]), [["#text", "http://ПОЧТА.рф"]]);
});

test("markup becomes text nodes only", () => {
    const [only, ...others] = richText("<img src=x onerror=alert(1)>").children;
    assert.deepEqual([only.kind, only.text, others.length], ["#text", "<img src=x onerror=alert(1)>", 0]);
    const [block] = richText("```html\n<script>\n```").children;
    assert.deepEqual([block.kind, block.dataset.language], ["pre", "html"]);
    assert.deepEqual([block.tabIndex, block["aria-label"]], [0, "Code in html"]);
    assert.deepEqual([block.children[0].kind, block.children[0].children[0].text], ["code", "<script>"]);
    const [big] = richText("😀").children;
    assert.deepEqual([big.kind, big.className], ["span", "jumbo"]);
});

// --- time: sixteen short ones take about as long as one that is sixteen times as long ---

function cost(work) {
    const costs = [1, 2, 3].map(() => {
        const before = process.cpuUsage().user;
        work();
        return process.cpuUsage().user - before;
    });
    return Math.max(Math.min(...costs), 500);
}

/** About 1 where time grows with the length, about 16 where it grows with its square. */
function growth(unit, work, length = 4096) {
    const short = unit.repeat(length / unit.length);
    const long = short.repeat(16);
    return cost(() => work(long)) / cost(() => {
        for (let count = 0; count < 16; count += 1) work(short);
    });
}

test("no text costs more than its length: 64 KiB of what makes scanners slow", () => {
    const units = ["`", "` `` ", "[", "(", "((((", ")", "http://", "http://%", "http://a ", "http://a.)",
        "http:// ", "@a", "a@", "a@b.c-", "@", "\u0301", "\u202e", "\u2067\u2069", "\u2067\u202b",
        "```\n", "```x\n", "x```\n", " ", "\n", "😀", "x"];
    for (const unit of units) {
        const times = growth(unit, tokensOf);
        assert.ok(times < 6, `sixteen times ${JSON.stringify(unit)} take ${times.toFixed(1)} times as long`);
    }
    // Brackets that count only behind something, and blocks behind more tokens than are made.
    for (const [before, unit, after] of [
        ["http://a/", "(", ""], ["http://a/", ")", ""], ["`a` ".repeat(401), "\n```x", "\n```"],
    ]) {
        const times = growth(unit, (text) => tokensOf(before + text + after));
        assert.ok(times < 6,
            `${JSON.stringify(before.slice(0, 9) + unit)} grows ${times.toFixed(1)} times as fast`);
    }
});

test("the measure tells a scanner whose time grows with the square", () => {
    assert.ok(growth("(", (text) => /\([^)]*\)/.test(text), 1024) > 6);
});

test("a message has a bounded number of elements, and loses no text", () => {
    const tokens = tokensOf("http://a.example ".repeat(4000));
    assert.ok(tokens.length <= 402, `${tokens.length} tokens`);
    assert.equal(tokens.map(({ text }) => text).join(""), "http://a.example ".repeat(4000));
});
