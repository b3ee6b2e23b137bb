/** Types of Parley's browser client, `/client.js`. The guide with examples is `docs/client.md`. */

/** Any JSON value. What `JSON.stringify` leaves out is left out. */
export type Body = any;

/** A place in a stored room: the last publication seen. The epoch is opaque: compare it, send it back. */
export interface Position {
    epoch: string;
    /** 0 is before the first publication. */
    offset: number;
}

/** Somebody in a room. */
export interface Member {
    user: string;
    /** What people see; absent where nobody said one. */
    name?: string;
}

/** What somebody said, as pages of the past have it. */
export interface Publication {
    /** 1, 2, 3 … without holes; absent in an ephemeral room. */
    offset?: number;
    /** Milliseconds since 1970, for people; never sort by it. */
    time: number;
    user: string;
    name?: string;
    clientId?: string;
    body: Body;
}

/** What somebody said, as it is told. */
export interface PublicationEvent extends Publication {
    room: string;
    /** Absent in an ephemeral room. */
    epoch?: string;
    /** Whether it was pushed just now; false where it was read back after an absence or by `tail`. */
    isLive: boolean;
}

/** How the connection is. */
export interface ConnectionState {
    /** `waiting`: lost, and tried again in `inMs`; `stopped`: for good, make a new `Parley`. */
    state: "connecting" | "open" | "waiting" | "offline" | "stopped";
    /** For people, in English. */
    sentence: string;
    /** In `waiting`: how long. */
    inMs?: number;
    /** In `stopped`: why, by the server's close code or error code. */
    code?: number;
}

/** The server's limits; there may be more than these. */
export interface Limits {
    /** Bytes of a frame. */
    messageBytes: number;
    /** Bytes of a body, as JSON. */
    bodyBytes: number;
    roomsPerSession: number;
    outstanding: number;
    outstandingReads: number;
    queueBytes: number;
    pagePublications: number;
    pageBytes: number;
    /** How long a `clientId` is remembered at least. */
    retryWindowMs: number;
    /** Commands in a second, over a longer time, and at once after a quiet one. */
    messagesPerSecond: number;
    messageBurst: number;
    /** How long a frame may take from its first byte to its last. */
    messageMs: number;
    /** Pings, pongs and tiny fragments, likewise. */
    controlsPerSecond: number;
    controlBurst: number;
}

/** The server knows us. It is told at each connection. */
export interface Connected {
    session: string;
    user: string;
    name?: string;
    limits: Limits;
    serverTime: number;
}

/** We are in a room: everything up to `head` has been told, what follows is live. */
export interface Joined {
    room: string;
    kind: "stored" | "ephemeral";
    epoch?: string;
    head?: number;
}

/** What `join` resolves with. */
export interface Entered {
    room: string;
    kind?: "stored" | "ephemeral";
    /** Absent in an ephemeral room. */
    position?: Position;
}

/** What `publish` resolves with: it is stored (in an ephemeral room: it was told). */
export interface Published {
    /** The one it was stored under; after `retry` it may be another one than before. */
    clientId: string;
    epoch?: string;
    offset?: number;
    time: number;
    /** The server had it already, from a try before this one. */
    repeat?: boolean;
}

/** A message on its way. */
export interface Draft {
    room: string;
    clientId: string;
    body: Body;
    /** When it was written, by this machine's clock. */
    at: number;
    /** `failed` drafts stay until `retry` or `discard`, also over a reload. */
    state: "waiting" | "sending" | "failed";
    /** Why it failed. */
    error?: ParleyError;
}

/** What has become of a draft. */
export interface DraftEvent extends Omit<Draft, "state"> {
    /** `sent` and `discarded` are the last that is told of a draft. */
    state: "waiting" | "sending" | "failed" | "sent" | "discarded";
    /** In `sent`: the server's answer; absent where another tab sent it. */
    answer?: Omit<Published, "clientId">;
    /** In `discarded`: the `clientId` of the draft that has taken its place after `retry`. */
    replacedBy?: string;
    /** The `clientId` of the draft whose place this one has taken. */
    replaces?: string;
}

/** Who is in a room: each event has another object, and none changes later. */
export interface Roster {
    /** The members known, by user. */
    readonly members: ReadonlyMap<string, Member>;
    /** How many there are; more than `members` where the server cut its list. */
    readonly count: number;
    /** Whether it was up to date when it was told. */
    readonly isCurrent: boolean;
}

/** A page of a room's past, oldest first. */
export interface HistoryPage {
    room: string;
    epoch: string;
    /** The last offset there is. */
    head: number;
    /** Whether there are further ones in the direction asked for. */
    more: boolean;
    publications: (Publication & { offset: number })[];
}

/** A page of the rooms this user has joined. */
export interface RoomsPage {
    rooms: {
        room: string;
        epoch: string;
        head: number;
        /** Absent in an empty room, and where the past may not be read. */
        last?: Publication & { offset: number };
    }[];
    more: boolean;
}

/** The events of a `Parley`, and what their listeners are given. */
export interface ParleyEvents {
    /** The connection changed; `parley.state` has the same. */
    state: ConnectionState;
    /** A connection is there, the first or another one. */
    connected: Connected;
    /** A room was entered, the first time or after a connection was lost. */
    joined: Joined;
    /** A room cannot be entered, or may be stayed in no longer. */
    refused: { room: string; error: ParleyError };
    /** Somebody said something: each once, in the room's order. */
    publication: PublicationEvent;
    /** These publications cannot be had; without numbers nobody knows which. */
    gap: { room: string; from?: number; to?: number };
    /** What was told above `after` is void: forget it. */
    reset: { room: string; epoch: string; after: number };
    /** Somebody came or went, after `presence(room)`. */
    presence: { room: string; roster: Roster };
    /** All the others who type there now. */
    typing: { room: string; users: Member[] };
    /** A message of ours has come further, or has not. */
    draft: DraftEvent;
    /** The server complained of something nobody waits for. */
    error: ParleyError;
}

/** Gets a token: asked at each connect, before one expires, and once more after a refusal. */
export type TokenSource = () => string | Promise<string>;

export interface Options {
    /** Who we are. A text cannot be renewed: when it expires, the session stops. */
    token?: string | TokenSource;
    /** Development mode, without a token: who we say we are; otherwise we are a guest, the same at each visit. */
    user?: string;
    /** Development mode: what people see. */
    name?: string;
    /** Where there is no `WebSocket`, as in old Node: a class like it. */
    WebSocket?: unknown;
    /** Where unsent messages and the guest's name are kept; `localStorage` without. `undefined`: nowhere. */
    storage?: Storage | undefined;
}

export interface JoinOptions {
    /** So many of the latest publications are told first, at most 1000. */
    tail?: number;
    /** Everything after this position is told first. */
    since?: Position;
    /** Which pushes are wanted; both without it. */
    events?: ("presence" | "typing")[];
}

/** Why something was not done. Decide by `name` or `code`; `message` is for people. */
export class ParleyError extends Error {
    /** Only the client makes them. */
    private constructor();
    /** The name on the wire, as `forbidden` or `unavailable`, or one of the client's own: `stopped`, `disconnected`,
     * `expired`, `userChanged`, `discarded`, `closed`, `badReply`. */
    readonly name: string;
    /** The number on the wire; 0 for the client's own. */
    readonly code: number;
    readonly message: string;
    /** When trying again makes sense, in milliseconds. */
    readonly retryAfterMs: number | undefined;
    /** Whether the same may succeed later, unchanged. */
    readonly mayRetry: boolean;
}

/** A session with a Parley server that outlives its connections. */
export class Parley {
    /** The client's version, which is that of the server it came from. */
    static readonly version: string;

    /** Connects at once, and comes back whenever the connection is lost. Throws a `TypeError` where an argument
     * cannot be meant.
     * @param url of the server's `/ws`: `wss://chat.example/ws`; on the server's own pages `/ws` will do, and
     * `https:` is understood as `wss:` */
    constructor(url: string | URL, options?: Options);

    /** Who we are: the server's word; before that what it will be told, or with a token who was here last.
     * Undefined at the very first visit until there is a connection. */
    user: string | undefined;

    readonly state: ConnectionState;

    /** Calls `listener` at each event of that type. The answer ends it. */
    on<K extends keyof ParleyEvents>(type: K, listener: (detail: ParleyEvents[K]) => void): () => void;

    /** Calls `listener` at the next event of that type only. The answer ends it before. */
    once<K extends keyof ParleyEvents>(type: K, listener: (detail: ParleyEvents[K]) => void): () => void;

    /** Ends what `on` began. */
    off<K extends keyof ParleyEvents>(type: K, listener: (detail: ParleyEvents[K]) => void): void;

    /** Is in a room from now on, over all connections. Resolves when everything up to now has been told. */
    join(room: string, options?: JoinOptions): Promise<Entered>;

    /** Is in a room no longer. */
    leave(room: string): Promise<void>;

    /** Says something. Resolves when it is stored, however many connections that takes; rejects when it never
     * will be, and then the draft stays, `failed`. One `clientId` is one message, however often it is sent. */
    publish(room: string, body: Body, options?: { clientId?: string }): Promise<Published>;

    /** The messages of a room that are not settled, oldest first, the failed ones too. */
    drafts(room: string): Draft[];

    /** Sends a failed draft again. Where only another `clientId` is safe (after `expired`, `clientIdReused` and
     * `userChanged`), a new draft takes its place: see `replacedBy`, `replaces` and the answer's `clientId`. */
    retry(room: string, clientId: string): Promise<Published>;

    /** Gives up a draft that failed or waits. False: there is none, it is under way, or the session is over. One that was sent
     * before the connection broke may be stored all the same. */
    discard(room: string, clientId: string): boolean;

    /** A page of a room's past, oldest first: the newest, or the one before or after an offset. */
    history(room: string, range?: { before?: number; after?: number; limit?: number }): Promise<HistoryPage>;

    /** Who is in a room we have joined; from now on `presence` tells of changes, until the room is left. */
    presence(room: string): Promise<Roster>;

    /** The stored rooms this user has joined and not left, by name. */
    rooms(range?: { after?: string; limit?: number }): Promise<RoomsPage>;

    /** Tells the others that we type, or no longer. Call it at every key: it is sent as seldom as will do. */
    typing(room: string, on?: boolean): void;

    /** How long the way there and back takes, in milliseconds. */
    ping(): Promise<number>;

    /** Development mode: has another name from now on. The connection starts anew. */
    rename(name: string | undefined): void;

    /** Tries to connect now, where it waits to: for a button "Try now". */
    reconnect(): void;

    /** Ends it. What was not sent stays kept for the next visit. */
    close(): void;
}
