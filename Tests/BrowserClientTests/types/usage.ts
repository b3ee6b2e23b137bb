// What a page does with the client, in strict TypeScript: it must compile, and where it says so it must not.
import { Parley, ParleyError } from "../../../Sources/BrowserClient/Assets/client/client.js";
import type { Draft, HistoryPage, ParleyEvents } from "../../../Sources/BrowserClient/Assets/client/client.js";

const parley = new Parley("/ws", { token: async () => (await fetch("/token")).text() });
new Parley(new URL("wss://chat.example/ws"), { token: "a token" });
new Parley("ws://127.0.0.1:8080/ws", { user: "ada", name: "Ada", storage: undefined });

const end: () => void = parley.on("publication", ({ room, offset, body, isLive, user, name }) => {
    const label: string = `${room} ${offset ?? 0} ${name ?? user} ${isLive} ${body.text}`;
    console.log(label);
});
end();
parley.once("connected", ({ limits, serverTime }) => console.log(limits.bodyBytes + serverTime));
parley.on("draft", (draft) => {
    if (draft.state === "failed") console.log(draft.error?.message, draft.error?.retryAfterMs);
    if (draft.state === "discarded" && draft.replacedBy === undefined) console.log(draft.clientId);
    if (draft.state === "sent") console.log(draft.answer?.offset);
});
parley.on("presence", ({ roster }) => console.log(roster.count, [...roster.members.values()].map(({ user }) => user)));
const listener = ({ sentence }: ParleyEvents["state"]) => console.log(sentence);
parley.on("state", listener);
parley.off("state", listener);

async function talk(): Promise<void> {
    const { position } = await parley.join("hall", { tail: 50, events: ["typing"] });
    console.log(position?.offset);
    const page: HistoryPage = await parley.history("hall", { before: 10, limit: 5 });
    console.log(page.publications.map(({ offset }) => offset.toFixed()));
    try {
        const { clientId, repeat = false } = await parley.publish("hall", { text: "Hello" });
        console.log(clientId, repeat);
    } catch (error) {
        if (error instanceof ParleyError && error.mayRetry) console.log(error.code);
    }
    for (const { clientId, state } of parley.drafts("hall") as readonly Draft[]) {
        if (state === "failed") await parley.retry("hall", clientId);
        else if (!parley.discard("hall", clientId)) console.log("under way");
    }
    for (const { room, last } of (await parley.rooms({ limit: 10 })).rooms) console.log(room, last?.user);
    console.log((await parley.presence("hall")).isCurrent, await parley.ping(), Parley.version, parley.user);
    parley.typing("hall");
    parley.rename(undefined);
    await parley.leave("hall");
    parley.close();
}
void talk();

// @ts-expect-error: there is no such event.
parley.on("message", () => {});
// @ts-expect-error: an event tells only what it tells.
parley.on("typing", ({ offset }) => console.log(offset));
// @ts-expect-error: a token is text.
new Parley("/ws", { token: 5 });
// @ts-expect-error: a room comes first.
void parley.publish({ text: "Hello" });

// @ts-expect-error: only the client makes these.
new ParleyError("my message");
