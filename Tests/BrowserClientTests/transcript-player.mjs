// Plays protocol/transcripts with the browser client in the clients' places. Whatever a transcript's client
// sends, a page asks for here, and what the client makes of it must be that command; the transcript's server
// answers. What no page can make the client say is left out, with its replies, and reported.
import assert from "node:assert/strict";
import { VirtualClock, World, limits, settle, told } from "./world.mjs";

export class TranscriptPlayer {
    #transcript;
    #clock = new VirtualClock();
    /** @type {Map<number, Client>} */
    #clients = new Map();
    #bound = new Map();
    /** What is stored, by room: for what the client asks by itself. */
    #archive = new Map();
    /** Steps that no page can make the client do, as `client verb`. */
    left = [];
    /** Commands that the client said as the transcript has them, as `client verb`. */
    said = [];

    constructor(transcript) {
        this.#transcript = transcript;
    }

    async play() {
        for (const [index, step] of this.#transcript.steps.entries()) {
            const client = this.#client(step.client ?? 1);
            if (step.advance !== undefined) await this.#clock.advance(step.advance);
            else if (step.send !== undefined) await this.#send(client, step.send, index);
            else if (step.server !== undefined) await this.#say(client, this.#fill(step.server));
            else if (step.closed !== undefined) await this.#close(client, step.closed, step.reason);
            else if (step.disconnect) await client.server?.close();
            await this.#answerOwn(client);
        }
        for (const client of this.#clients.values()) client.parley?.close();
        await settle();
    }

    #client(number) {
        const known = this.#clients.get(number);
        if (known) return known;
        const world = Object.assign(new World(), { clock: this.#clock, chance: 0 });
        const client = { number, world, ids: new Map(), results: new Map(), pending: [], told: 0, pongs: 0 };
        this.#clients.set(number, client);
        return client;
    }

    /** One or more commands of a frame. */
    async #send(client, frame, index) {
        const lines = typeof frame === "string"
            ? frame.split("\n").filter((line) => line !== "") : [JSON.stringify(frame)];
        for (const line of lines) {
            let message;
            try {
                message = this.#fill(JSON.parse(line), true);
            } catch {
                this.left.push(`${client.number} ${line}`);
                continue;
            }
            const verb = Object.keys(message).find((key) => key !== "id");
            // Behind connect, before its answer: a page's wishes wait for that.
            const mustWait = client.isOpen && client.parley.state.state === "connecting";
            if (mustWait && verb !== "connect") client.pending.push([verb, message[verb], message.id, index]);
            else await this.#do(client, verb, message[verb], message.id, index);
        }
    }

    async #do(client, verb, fields, id, index) {
        const isDone = await this.#does(client, verb, fields, id, index);
        (isDone ? this.said : this.left).push(`${client.number} ${verb}`);
    }

    async #does(client, verb, fields, id, index) {
        if (verb === "connect") {
            return this.#isAccepted(client, id, index) && this.#connect(client, fields, id);
        }
        if (!client.isOpen || client.parley?.state.state !== "open" || !(verb in actions)) return false;
        // It goes on by itself where an answer was not all.
        const goesOn = verb === "join" && client.server.lines.some((line) => verb in JSON.parse(line));
        const result = goesOn ? undefined : actions[verb](client, fields);
        result?.catch?.(() => {});
        if (verb === "refresh") await result;
        await this.#answerOwn(client, verb);
        const at = client.server.lines.findIndex((line) => verb in JSON.parse(line));
        if (at < 0) return verb === "pong" && client.pongs-- > 0;
        const [line] = client.server.lines.splice(at, 1);
        const command = JSON.parse(line);
        assert.deepEqual(withDefaults(verb, command[verb], fields), withDefaults(verb, fields, fields));
        if (id !== undefined) client.ids.set(id, command.id ?? "none");
        if (id !== undefined && verb !== "refresh") client.results.set(id, { verb, result });
        return true;
    }

    /** Whether this connect is the one that a session begins with. */
    #isAccepted({ number }, id, index) {
        const answer = this.#transcript.steps.slice(index + 1).find(({ client = 1, server }) =>
            client === number && server?.id === id && (server.ok || server.error));
        return answer?.server.ok?.session !== undefined;
    }

    /** Another connection of a client that was there: it must say the same by itself. */
    async #connect(client, fields, id) {
        if (client.isOpen) return false;
        if (!client.parley) {
            const { token, user, name } = fields;
            const next = () => new Promise((resolve) => { client.token = resolve; });
            const options = token === undefined
                ? { user, name } : { token: () => (client.isOpen ? next() : token) };
            client.parley = client.world.parley(options);
            for (const { room, ...wishes } of fields.rooms ?? []) {
                client.parley.join(room, wishes).catch(() => {});
            }
        }
        await this.#clock.advance(0);
        client.server = await client.world.dialled();
        // What a browser cannot do (`heartbeat`), and what nobody knows (`later`), is not asked of it.
        const picked = ({ user, name, token, rooms = [] }) => ({ user, name, token, rooms });
        const said = picked(client.server.connect);
        // A page that was there has positions, also where the transcript's client has none.
        said.rooms.forEach((room, at) => fields.rooms[at]?.since ?? delete room.since);
        assert.deepEqual(said, picked(fields));
        client.ids = new Map([[id, client.server.connectId]]);
        client.isOpen = true;
        return true;
    }

    /** The server says something: what the page is told must be what is said. */
    async #say(client, message) {
        const { id, error } = message;
        if (id !== undefined && !client.ids.has(id)) return;
        if (!client.isOpen || (id === undefined && error && client.ids.size === 0)) return;
        const real = client.ids.get(id);
        const { verb, result } = client.results.get(id) ?? {};
        client.results.delete(id);
        if (real === "none") return;
        if (message.ok?.session) {
            Object.assign(message.ok, { limits: { ...limits, ...this.#transcript.limits } });
        }
        await client.server.say(id === undefined ? message : { ...message, id: real });
        if (message.ping) {
            const pong = client.server.lines.shift();
            assert.equal(pong, '{"pong":{}}');
            client.pongs = 1;
        }
        for (const command of client.pending.splice(0)) await this.#do(client, ...command);
        await this.#answerOwn(client);
        this.#compare(client, message);
        // A draft that is refused for a while is kept, and goes again by itself.
        const isKept = verb === "publish" && error?.retryAfterMs !== undefined;
        if (result && error && !isKept) await assert.rejects(result, { name: error.name, code: error.code });
        if (result && message.ok?.time && message.ok.offset) {
            const { clientId, ...answer } = await result;
            assert.deepEqual(answer, message.ok);
        }
        if (result && message.ok?.publications && message.ok.head && !message.ok.kind) {
            assert.deepEqual(await result, message.ok);
        }
    }

    #compare(client, { publication, skip, ok, typing, goaway }) {
        const all = told(client.parley, "publication");
        const news = all.slice(client.told)
            .map(({ room, offset, body, user }) => ({ room, offset, body, user }));
        client.told = all.length;
        const seen = (room) => ({ offset, body, user }) => ({ room, offset, body, user });
        const joined = (answer) => (answer.publications ?? []).map(seen(answer.room));
        const rooms = ok?.session ? ok.rooms : ok?.kind ? [ok] : [];
        const expected = [
            ...(publication ? [seen(publication.room)(publication)] : []), ...rooms.flatMap(joined),
            ...(skip
                ? this.#stored(skip.room, skip.from - 1, skip.to - skip.from + 1).map(seen(skip.room)) : []),
        ];
        if (publication?.offset) this.#store(publication.room, publication);
        assert.deepEqual(news, expected);
        const { number } = client;
        if (typing) {
            const { users } = told(client.parley, "typing").at(-1);
            assert.equal(users.length, Number(typing.on), `client ${number}`);
        }
        if (goaway) assert.equal(client.parley.state.state, "open");
    }

    async #close(client, code, reason) {
        if (!client.isOpen) return;
        client.isOpen = false;
        const filled = this.#fill(reason ?? {});
        await client.server.close(code, JSON.stringify(filled));
        const { state, inMs } = client.parley.state;
        assert.equal(state, code < 4500 ? "waiting" : "stopped");
        if (filled.afterMs !== undefined) assert.equal(inMs, filled.afterMs);
    }

    /** What the client asks without a page's asking: a skipped range, and that it leaves before it joins
     * anew. */
    async #answerOwn(client, asked) {
        if (client.server?.isClosed) client.isOpen = false;
        for (let turn = 0; client.isOpen && turn < 10; turn += 1) {
            await settle();
            const at = client.server.lines.map((line) => JSON.parse(line)).findIndex((command) =>
                (command.history && asked !== "history") || (command.leave && asked !== "leave"));
            if (at < 0) return;
            const { id, history } = JSON.parse(client.server.lines.splice(at, 1)[0]);
            if (!history) await client.server.ok(id, {});
            else {
                const publications = this.#stored(history.room, history.after, history.limit);
                await client.server.ok(
                    id, { room: history.room, epoch: this.#epoch, head: 99, more: false, publications });
            }
        }
    }

    get #epoch() {
        return this.#bound.get("$epoch");
    }

    /** A draft that somebody else's page sent is in the archive, too. */
    #store(room, publication) {
        this.#archive.set(room, (this.#archive.get(room) ?? new Map()).set(publication.offset, publication));
    }

    #stored(room, after, limit) {
        const known = [...(this.#archive.get(room)?.values() ?? []), ...this.#published(room)];
        const unique = new Map(known.map((publication) => [publication.offset, publication]));
        const sorted = [...unique.values()].sort((left, right) => left.offset - right.offset);
        return sorted.filter(({ offset }) => offset > after).slice(0, limit);
    }

    /** What the transcript's own steps store in a room. */
    #published(room) {
        const { steps } = this.#transcript;
        return steps.flatMap(({ client = 1, send }) => {
            if (send?.publish?.room !== room) return [];
            const reply = steps.find((step) =>
                (step.client ?? 1) === client && step.server?.id === send.id && step.server.ok?.offset);
            const { clientId, body } = send.publish;
            return reply ? [{ offset: reply.server.ok.offset, time: 1, user: "bob", clientId, body }] : [];
        });
    }

    /** Puts values in the places of `$name` and `$_`. */
    #fill(value, isSent = false, key = "") {
        if (Array.isArray(value)) return value.map((element) => this.#fill(element, isSent, key));
        if (value !== null && typeof value === "object") {
            return Object.fromEntries(
                Object.entries(value).map(([name, inner]) => [name, this.#fill(inner, isSent, name)]));
        }
        if (typeof value !== "string" || !value.startsWith("$") || key === "room") return value;
        if (value === "$_") return sample(key);
        if (!this.#bound.has(value)) this.#bound.set(value, sample(key, value));
        return this.#bound.get(value);
    }
}

/** A value of the kind that stands under this key. */
function sample(key, name = "$_") {
    if (["time", "serverTime", "expiresAt", "afterMs"].includes(key)) return 1000;
    if (key === "version") return 1;
    if (key === "limits") return limits;
    return key === "epoch" ? `1-${name.slice(1)}` : name.slice(1);
}

/** Fields as they stand on the wire where the transcript leaves them to their defaults. */
function withDefaults(verb, fields, wanted) {
    if (verb === "typing") return { on: true, ...fields };
    if (verb !== "publish" || wanted.clientId !== undefined) return fields;
    const { clientId, ...others } = fields;
    return others;
}

/** What a page does to have a command sent. */
const actions = {
    join: ({ parley, log }, { room, ...wishes }) => {
        // In a room it is in, a page has no reason to join.
        parley.leave(room).catch(() => {});
        return parley.join(room, wishes);
    },
    leave: ({ parley }, { room }) => parley.leave(room),
    publish: ({ parley }, { room, body, clientId }) =>
        parley.publish(room, body, clientId === undefined ? {} : { clientId }),
    history: ({ parley }, { room, ...range }) => parley.history(room, range),
    presence: ({ parley }, { room }) => parley.presence(room),
    rooms: ({ parley }, range) => parley.rooms(range),
    typing: ({ parley }, { room, on = true }) => parley.typing(room, on),
    ping: ({ parley }) => parley.ping(),
    pong: () => {},
    refresh: async (client, { token }) => {
        if (!client.token) await client.server.say({ expiring: { inMs: 60_000 } });
        for (let second = 0; !client.token && second < 6; second += 1) await client.world.clock.advance(1000);
        client.token?.(token ?? "");
        client.token = undefined;
        await settle();
    },
};
