#!/usr/bin/env python3
"""An echo with PyPI's `websockets`, to measure beside the gateway's: PORT [CERTIFICATE KEY]."""

import asyncio
import ssl
import sys

from websockets.asyncio.server import serve


async def echo(connection):
    """Sends everything back."""
    async for message in connection:
        await connection.send(message)


async def main():
    """Listens until it is ended."""
    port, *files = sys.argv[1:]
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
    async with serve(echo, "127.0.0.1", int(port), ssl=context) as server:
        print("listening", flush=True)
        await server.serve_forever()


asyncio.run(main())
