#!/usr/bin/env python3
"""What the page costs the browser in a room of 100,000 messages: figures for people, no test.

Usage: page.py [--binary PARLEY] [--messages N] [--back N] [--rate N] [--seconds S] [--port P]

Starts a gateway with an archive in a file, fills a room, and measures in Debian's Chromium with the browser's
own performance API: opening the room, scrolling back by wheel, memory (after a forced collection), and typing
while others talk. With PARLEY_ASSETS=Sources/BrowserClient/Assets the page comes from that folder.
"""
import argparse
import asyncio
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "Tests/browser"))
from playwright.sync_api import sync_playwright  # noqa: E402
from seed import fill, trickle  # noqa: E402
from window import launch, serve_from_folder  # noqa: E402

ROOM = "hundred-thousand"
WHEEL = 600

# Observers from the first moment on: paints, shifts, long tasks, what typing costs; frames are noted on
# demand.
OBSERVE = """
    window.cost = { shift: 0, paint: 0, first: 0, long: [], events: [], frames: [] };
    const watch = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note))
        .observe({ type, buffered: true, ...more });
    watch("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) cost.shift += value; });
    watch("largest-contentful-paint", ({ startTime }) => { cost.paint = startTime; });
    watch("longtask", ({ duration }) => cost.long.push(duration));
    watch("event", ({ name, duration, processingStart, startTime }) =>
        name === "keydown" && cost.events.push({ duration, delay: processingStart - startTime }),
        { durationThreshold: 16 });
    const look = () => {
        const message = document.querySelector("#messages li[data-offset]");
        if (!message) return requestAnimationFrame(look);
        requestAnimationFrame(() => { cost.first = performance.now(); });
    };
    requestAnimationFrame(look);
    let last;
    const frame = (now) => {
        if (cost.isCounting && last !== undefined) cost.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
"""


def share(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0


def spread(values):
    return f"p50 {share(values, 0.5):.0f}, p95 {share(values, 0.95):.0f}, max {max(values, default=0):.0f} ms"


def line(what, figure):
    print(f"| {what} | {figure} |", flush=True)


def heap(devtools):
    """Bytes of JavaScript and the number of nodes, after a collection."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return f"{metrics['JSHeapUsedSize'] / 2**20:.1f} MiB of JavaScript, {metrics['Nodes']:.0f} nodes"


def count(page):
    """Starts to count frames and long tasks anew."""
    page.evaluate("Object.assign(cost, { frames: [], long: [], events: [], isCounting: true })")


def frames(page):
    cost = page.evaluate("cost")
    longest = max(cost["long"], default=0)
    return f"{spread(cost['frames'])}; {len(cost['long'])} tasks above 50 ms (max {longest:.0f})"


def open_room(page, devtools, base):
    page.goto(f"{base}/#{ROOM}")
    page.locator("#messages li[data-offset]").first.wait_for()
    page.wait_for_timeout(1000)
    cost = page.evaluate("cost")
    line("opening: first message on the page", f"{cost['first']:.0f} ms after the navigation began")
    line("opening: largest contentful paint", f"{cost['paint']:.0f} ms")
    line("opening: layout shift", f"{cost['shift']:.4f}")
    line("opening: memory", heap(devtools))


def scroll_back(page, devtools, messages):
    page.mouse.move(640, 400)
    count(page)
    first = "Math.min(...[...document.querySelectorAll('li[data-offset]')].map((row) => +row.dataset.offset))"
    start, begin, most = page.evaluate(first), time.monotonic(), 0
    while start - page.evaluate(first) < messages and page.evaluate(first) > 1:
        for _ in range(20):
            page.mouse.wheel(0, -WHEEL)
        most = max(most, page.evaluate("document.querySelectorAll('#messages li').length"))
    passed = start - page.evaluate(first)
    seconds = time.monotonic() - begin
    line("scrolling back", f"{passed} messages in {seconds:.1f} s, at most {most} rows on the page")
    line("scrolling back: frames", frames(page))
    line("scrolling back: layout shift since the start", f"{page.evaluate('cost.shift'):.4f}")
    line("scrolling back: memory", heap(devtools))


def type_while_others_talk(page, devtools, address, rate, seconds):
    page.locator("#messages").focus()
    page.keyboard.press("End")
    talk = threading.Thread(target=lambda: asyncio.run(trickle(address, ROOM, rate, seconds)))
    talk.start()
    page.locator("#composer textarea").focus()
    count(page)
    end = time.monotonic() + seconds - 1
    while time.monotonic() < end:
        page.keyboard.type("she walked home ", delay=40)
    events = page.evaluate("cost.events")
    slow = [event["duration"] for event in events]
    line(f"typing at {rate} messages/s: keys above 16 ms to the next paint", f"{len(slow)}; {spread(slow)}")
    line(f"typing at {rate} messages/s: input delay", spread([event["delay"] for event in events]))
    line(f"typing at {rate} messages/s: frames", frames(page))
    talk.join()
    line(f"typing at {rate} messages/s: memory", heap(devtools))


def measure(base, options):
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(OBSERVE)
        serve_from_folder(context, base)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable")
        print("| what | figure |\n| --- | --- |")
        open_room(page, devtools, base)
        scroll_back(page, devtools, options.back)
        address = base.replace("http", "ws") + "/ws"
        type_while_others_talk(page, devtools, address, options.rate, options.seconds)
        browser.close()


def await_port(port):
    """Until the gateway listens."""
    end = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/parley"))
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--back", type=int, default=20_000, help="how many messages are scrolled back")
    parser.add_argument("--rate", type=int, default=100, help="messages a second while one types")
    parser.add_argument("--seconds", type=int, default=15, help="how long one types")
    parser.add_argument("--port", type=int, default=21190)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        listen = f"127.0.0.1:{options.port}"
        archive = f"sqlite:{folder}/parley.db"
        arguments = ["serve", "--listen", listen, "--archive", archive, "--log-level", "error"]
        # Variables that begin so are options to it.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        server = subprocess.Popen([options.binary, *arguments], env=environment)
        try:
            await_port(options.port)
            begin = time.monotonic()
            asyncio.run(fill(f"ws://{listen}/ws", ROOM, options.messages))
            took = time.monotonic() - begin
            print(f"{options.messages} messages were stored in {took:.1f} s\n", flush=True)
            measure(f"http://{listen}", options)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
