// An echo with Node's `ws`, as Debian has it, to measure beside the gateway's: PORT [CERTIFICATE KEY].
const fs = require("fs");
const { WebSocketServer } = require("ws");

const [port, certificate, key] = process.argv.slice(2);
const server = certificate
    ? require("https").createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
    : require("http").createServer();
// Off in `ws` unless asked for.
new WebSocketServer({ server, perMessageDeflate: true }).on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});
server.listen(Number(port), "127.0.0.1", () => console.log("listening"));
