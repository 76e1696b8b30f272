"""A real HTTP server for tests: serves byte ranges of a folder, or passes on to another server, and fails as it is told."""

import contextlib
import email.utils
import hashlib
import http.client
import socket
import struct
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ByteServer(ThreadingHTTPServer):
    """`faults`: what happens to the next GET requests of a path, in turn; then they are answered. A path "" stands for every path.

    A fault is a status, a (status, headers), or one of: reset, cut (the body breaks off), short (a range shorter than asked for), stall, whole
    (the file instead of the range), shifted (another range), damaged (the first bytes differ), another (a version with another ETag).
    """

    daemon_threads = True

    def __init__(self, folder=None, upstream=None, faults=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.upstream = folder, upstream
        self.faults = defaultdict(list, {path: list(planned) for path, planned in (faults or {}).items()})
        self.requests = []
        self.now, self.most = 0, 0
        self.slow = 0.0
        """Seconds that every answer takes."""
        self.lock = threading.Lock()
        self.ended = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_fault(self, path, asked):
        with self.lock:
            self.requests.append((path, asked))
            for name in (path, ""):
                if self.faults[name]:
                    return self.faults[name].pop(0)
        return None

    def handle_error(self, request, client_address):
        """Connections are cut on purpose here."""

    def __exit__(self, *_):
        self.ended.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Quiet."""

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        asked = self.headers.get("Range")
        fault = self.server.next_fault(self.path, asked) if self.command == "GET" else None
        with self.server.lock:
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        time.sleep(self.server.slow)
        try:
            self._answer(asked, fault)
        finally:
            with self.server.lock:
                self.server.now -= 1

    do_PUT = do_POST = do_DELETE = do_GET

    def _answer(self, asked, fault):
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        if fault == "stall":
            self.server.ended.wait(30)
            self.close_connection = True
            return
        if isinstance(fault, int | tuple):
            status, headers = fault if isinstance(fault, tuple) else (fault, {})
            self._send(status, headers, b"<html>Please slow down</html>")
            return
        status, headers, body = self._forward() if self.server.upstream else self._file(asked, fault)
        if fault == "damaged":
            body = bytes(255 - byte for byte in body[:20]) + body[20:]
        if fault == "another":
            headers = {**headers, "ETag": '"another"'}
        self._send(status, headers, body, cut=fault == "cut")

    def _file(self, asked, fault):
        path = self.server.folder / self.path.lstrip("/")
        if not path.is_file():
            return 404, {}, b"<html>Not here</html>"
        data = path.read_bytes()
        headers = {"ETag": f'"{hashlib.md5(data).hexdigest()}"', "Accept-Ranges": "bytes"}
        if not asked or fault == "whole":
            return 200, headers, data
        first, last = (int(part) for part in asked.removeprefix("bytes=").split("-"))
        if first >= len(data):
            return 416, {"Content-Range": f"bytes */{len(data)}"}, b""
        if fault == "shifted":
            first, last = first - 1, last - 1
        body = data[first : last + 1]
        body = body[: len(body) // 2] if fault == "short" else body
        return 206, {**headers, "Content-Range": f"bytes {first}-{first + len(body) - 1}/{len(data)}"}, body

    def _forward(self):
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=30)
        with contextlib.closing(upstream):
            length = int(self.headers.get("Content-Length") or 0)
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upstream.putheader(name, value)
            upstream.endheaders(self.rfile.read(length) if length else None)
            answer = upstream.getresponse()
            body = answer.read()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in ("connection", "transfer-encoding")}
            return answer.status, kept, body

    def _send(self, status, headers, body, cut=False):
        self.send_response_only(status)
        sent = {"Date": email.utils.formatdate(usegmt=True), "Content-Length": str(len(body)), **headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut
