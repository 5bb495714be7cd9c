"""Pages in a real browser that can reach nothing but this process, which sees whatever it asks for."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from processes import PATIENCE

HOME = "http://pages.test/"

_HARNESS = """<!doctype html><meta charset=utf-8><body><script>
(async () => {
  const found = {};
  for (let at = 0; at < NAMES.length; at += 40) {
    await Promise.all(NAMES.slice(at, at + 40).map(name => new Promise(done => {
      const frame = document.createElement("iframe");
      frame.onload = () => setTimeout(() => {
        try {
          const seen = frame.contentDocument;
          found[name] = [seen.documentElement.hasAttribute("data-pwned"), seen.querySelectorAll("h1").length];
        } catch (error) { found[name] = [true, -1]; }
        frame.remove();
        done();
      }, 30);
      frame.src = "/" + name;
      document.body.append(frame);
    })));
  }
  found.top = [document.documentElement.hasAttribute("data-pwned"), 0];
  await fetch("/found", {method: "POST", body: JSON.stringify(found)});
})();
</script>"""


def chromium() -> str | None:
    """The browser, where there is one."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@dataclass
class Seen:
    """What pages did: ``acted`` by name (whether script ran, how many headings), and what they asked for."""

    acted: dict[str, tuple[bool, int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
        """Say nothing."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        name = address.path.removeprefix("/")
        if not self.path.startswith(HOME):
            self.server.asked(self.path)
        elif name in self.server.pages or not name:
            self._send(self.server.pages.get(name, self.server.harness))
            return
        elif name != "favicon.ico":
            self.server.asked(self.path)
        self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == f"{HOME}found":
            self.server.seen.acted = {name: (ran, held) for name, (ran, held) in json.loads(body).items()}
            self._send("")
            self.server.done.set()
        else:
            self.server.asked(self.path)
            self.send_error(404)

    def do_CONNECT(self) -> None:
        self.server.asked(self.path)
        self.send_error(403)

    def _send(self, page: str) -> None:
        data = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Mapping[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.harness = _HARNESS.replace("NAMES", json.dumps(list(pages)))
        self.seen = Seen()
        self.done = threading.Event()

    def asked(self, what: str) -> None:
        """Note what a page asked for; what the browser asks for by itself is none of the page's."""
        if "canary" in what or what.startswith(HOME):
            self.seen.asked.append(what)


@contextmanager
def _serving(pages: Mapping[str, str]) -> Iterator[_Server]:
    server = _Server(pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def shown(pages: Mapping[str, str], browser: str, profile: Path) -> Seen:
    """Show every page in the browser; what they did."""
    with _serving(pages) as server:
        port = server.server_address[1]
        command = [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={profile}",
            f"--proxy-server=http://127.0.0.1:{port}",
            "--proxy-bypass-list=<-loopback>",
            HOME,
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, start_new_session=True, **quiet) as running:  # type: ignore[call-overload]  # mypy cannot see through **
            finished = server.done.wait(PATIENCE)
            running.terminate()
        assert finished, "the browser did not come to an end"
        return server.seen
