"""Two browser windows talk through the page, and a conversation is still there after a restart."""

from parley import check, run
from secure import IS_ON
from windows import base, drive

SECONDS = 180


async def main(place):
    server = place.server().start()
    await drive(place, "two_windows.py", base(server))
    await drive(place, "everyday.py", base(server))
    stored = server.metrics()['parley_publications_total{kind="stored"}']
    check(stored > 0, "the windows talked, but nothing was stored")
    if IS_ON:
        for direction in ("sent", "received"):
            figure = f'parley_websocket_compressed_messages_total{{direction="{direction}"}}'
            check(server.metrics()[figure] > 0, f"nothing was {direction} compressed")

    def restart():
        server.stop()
        server.start()

    await drive(place, "after_restart.py", base(server), deeds={"restart": restart})
    server.stop()
    return "two windows talked, and the conversation outlived the server"


run(main, SECONDS)
