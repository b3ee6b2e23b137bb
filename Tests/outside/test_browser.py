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
        packed = server.metrics()['parley_websocket_compressed_messages_total{direction="sent"}']
        check(packed > 0, "the windows were to talk compressed, and nothing was")

    def restart():
        server.stop()
        server.start()

    await drive(place, "after_restart.py", base(server), deeds={"restart": restart})
    server.stop()
    return "two windows talked, and the conversation outlived the server"


run(main, SECONDS)
