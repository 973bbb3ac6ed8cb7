"""A server of the checkout for the tests, and peers that misbehave on purpose."""

import contextlib
import http.server
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
# What is tested: the file of the checkout, unless it is installed.
if "QFS_PYTHON_INSTALLED" not in os.environ:
    sys.path.insert(0, str(ROOT / "clients" / "python"))

PROGRAM = ["node", str(ROOT / "bin" / "qfs-server.js")]
READY_SECONDS_MAX = 60
FREE_PORTS = {"API_PORT": "0", "QFS_GRPC_PORT": "0", "QFS_ADMIN_PORT": "0"}


class Server:
    """A QFS server on a free port, with settings of its own if it is given some. Its data goes with it."""

    def __init__(self, **settings):
        self._data = tempfile.mkdtemp(prefix="qfs-python-")
        self._settings = {"QFS_DATA_DIR": self._data, "QFS_LOG_LEVEL": "error", **settings}
        self.url = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        port = "0" if self.url is None else self.url.rsplit(":", 1)[1]
        self._process = subprocess.Popen(
            PROGRAM,
            env={**os.environ, **FREE_PORTS, "API_PORT": port, **self._settings},
            stdout=subprocess.PIPE,
        )
        ready = queue.Queue()
        threading.Thread(target=lambda: ready.put(self._process.stdout.readline()), daemon=True).start()
        self.url = json.loads(ready.get(timeout=READY_SECONDS_MAX))["rest"]

    def token(self, *options):
        """A new token, made by whoever operates the server."""
        made = subprocess.run(
            [*PROGRAM, "token", "create", *options],
            env={**os.environ, **self._settings},
            capture_output=True,
            check=True,
            timeout=READY_SECONDS_MAX,
        )
        return made.stdout.decode().strip()

    def _end(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        self._process.stdout.close()

    def restart(self):
        self._end()
        self._start()

    def stop(self):
        self._end()
        shutil.rmtree(self._data, ignore_errors=True)


class Peer(http.server.ThreadingHTTPServer):
    """Answers each request with the next of `answers`; keeps what was asked in `requests`."""

    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.requests = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((f"{self.command} {self.path}", self.headers, body))
        answer = self.server.answers.pop(0)
        if answer is None:
            self.close_connection = True
            return
        status, headers, data = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if isinstance(data, bytes):
            self.wfile.write(data)
            return
        asked, silence = data
        asked.set()
        silence.wait(READY_SECONDS_MAX)

    do_GET = do_POST = do_DELETE = _answer

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def peer(*answers):
    """A peer whose answers are `(status, headers, bytes)`, or None to hang up without a word.

    Two events in place of bytes are set when the head was sent, and waited for in silence.
    """
    server = Peer(answers)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def answered(value, status=200, **headers):
    return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()


def problem(code, status, retryable=False, **headers):
    fields = {"code": code, "detail": f"{code} happened.", "retryable": retryable, "request_id": "req_1"}
    return answered(fields, status, **headers)
