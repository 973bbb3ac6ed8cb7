"""Quantum jobs on a QFS server, from Python. One file, standard library only, Python 3.9 or newer.

    import qfs

    result = qfs.run(open("bell.qasm").read(), shots=1000, seed=7)
    print(result.counts)                       # {'00': 498, '11': 502}

A program is OpenQASM 2 or 3 text, the path of such a file (`pathlib.Path`), a `qiskit.QuantumCircuit`, a
`cirq.Circuit`, or a list of them, which is one job of many circuits. The server is `url=`, else the
environment variable QFS_URL, else http://127.0.0.1:8000; the token is `token=`, else QFS_TOKEN, else none.
Authorities that may vouch for an https server are those of the system and of `cafile=`, else QFS_CA_FILE.

Counts map bit strings to whole numbers, in the order of the server: registers as declared, the last one
leftmost, separated by a blank, and within a register the highest bit leftmost.

Every failure is a `QfsError` with the stable code of the server; what a caller got wrong before anything was
sent is a `TypeError` or `ValueError`. Nothing is sent to any other address than that of the server.
"""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import hashlib
import html
import http.client
import json
import math
import operator
import os
import random
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from typing import Any, NamedTuple

__version__ = "0.1.0"
__all__ = [
    "AsyncClient",
    "AsyncJob",
    "Client",
    "Drawing",
    "Events",
    "ExpectationValue",
    "Job",
    "PermissionDenied",
    "QfsError",
    "RateLimited",
    "Result",
    "Results",
    "Unauthenticated",
    "WaitTimeout",
    "run",
]

URL_DEFAULT = "http://127.0.0.1:8000"
SHOTS_DEFAULT = 1024
TERMINAL_STATES = frozenset({"DONE", "ERROR", "CANCELLED", "TIMEOUT"})

_OF_JOB = ("job_id", "state")
# Pauses between two looks at a job: a tenth of the time waited so far, within these bounds.
_LOOK_SECONDS_MIN = 0.02
_LOOK_SECONDS_MAX = 1.0
# Streams say something every 15 seconds; after four silences a stream is taken for dead and resumed.
_STREAM_SECONDS_MAX = 60.0
_BACKOFF_SECONDS_MAX = 8.0
_RETRY_AFTER_SECONDS_MAX = 60.0
# Seconds that the server may hold a request for a receipt until a checkpoint covers the job.
_RECEIPT_SECONDS = 10
_JOBS_PAGE = 200
_FINDINGS_SHOWN = 10
_EXCERPT_COLUMNS = 160
_BARS_MAX = 32
_LABEL_CHARS_MAX = 48
_RESULTS_SHOWN = 20
_DRAWING_SECONDS_MAX = 5.0
_DRAWING_CHARS_MAX = 500_000


class QfsError(Exception):
    """A failure, as the server or this client names it.

    code         stable reason, for example QASM_SYNTAX. This client adds five of its own: SERVER_UNREACHABLE,
                 CERTIFICATE_INVALID, ANSWER_INVALID (it answered, but not as QFS does), WAIT_TIMEOUT, and
                 HTTP_<status> for answers of something in between, such as a proxy.
    message      one sentence for people.
    diagnostics  findings in the program: dicts with code, severity, message, line, column, end_line,
                 end_column and where it applies hint. Lines and columns count from 1. `str()` shows them in
                 the source.
    errors       fields of the request that are wrong: dicts with field and description.
    request_id   what to look for in the logs of the server, or "".
    retryable    whether the same call may succeed later.
    status       HTTP status, or None when there was no answer.
    retry_after  seconds after which the server asks to be asked again, or 0.
    source       the program that the diagnostics speak of, or "".
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        diagnostics: Sequence[dict[str, Any]] = (),
        errors: Sequence[dict[str, Any]] = (),
        request_id: str = "",
        retryable: bool = False,
        status: int | None = None,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.diagnostics = list(diagnostics)
        self.errors = list(errors)
        self.request_id = request_id
        self.retryable = retryable
        self.status = status
        self.retry_after = retry_after
        self.source = ""

    def __str__(self) -> str:
        parts = [f"{self.code}: {_printable(self.message)}"]
        parts += [_excerpt(finding, self.source) for finding in self.diagnostics[:_FINDINGS_SHOWN]]
        more = len(self.diagnostics) - _FINDINGS_SHOWN
        if more > 0:
            parts.append(f"and {more} more")
        if self.request_id:
            parts.append(f"(request {_printable(self.request_id)})")
        return "\n\n".join(parts) if self.diagnostics else " ".join(parts)

    def __repr__(self) -> str:
        return f"QfsError({self.code!r}, {self.message!r})"


class WaitTimeout(QfsError, TimeoutError):
    """The job had not ended when the time to wait was over. The job itself goes on."""


class Unauthenticated(QfsError):
    """The server wants a token and got none, or one that is wrong, expired or revoked (HTTP 401)."""


class PermissionDenied(QfsError):
    """The token is good, but not for this (HTTP 403)."""


class RateLimited(QfsError):
    """Too many requests, or too many jobs at once (HTTP 429); `retry_after` says when to come again."""


class ExpectationValue(NamedTuple):
    """`value` of an observable and its standard error `std_error`; `name` of an observable given as text."""

    name: str
    value: float
    std_error: float


class Drawing(str):
    """A drawing of a circuit: text or SVG. It is a string; notebooks show it as a picture."""

    def _repr_html_(self) -> str:
        if not self.startswith("<svg"):
            return f'<pre style="line-height:1.2">{html.escape(self)}</pre>'
        # As an image, so that nothing in it can run in the page of the notebook.
        data = base64.b64encode(self.encode()).decode("ascii")
        return f'<img alt="circuit" style="background:white" src="data:image/svg+xml;base64,{data}">'


class Result:
    """What one circuit gave under one set of parameters.

    counts              dict of bit string to whole number, in the order of the server; empty without
                        measurements.
    memory              list with the bit string of every shot in order, or None unless asked for with
                        memory=True.
    expectation_values  list of `ExpectationValue`, one for every observable in the order given.
    outputs             dict of what the program declares as `output`, by name.
    shots, seed         shots that were run, and the seed that gives exactly these counts again.
    optimization        of a hybrid program that searches: dict of value, std_error, exact, parameters,
                        method, ending, iterations, evaluations and more; otherwise None.
    returned            what a hybrid program returned, or None.
    metadata            dict: engine, engine_version, method, precision, qubits, digest of the compiled
                        circuit.
    warnings            list of sentences.
    item, parameter_set places in the job: of the circuit, and of the parameters among those of the circuit.
    """

    def __init__(self, job: Job, item: int, parameter_set: int, fields: dict[str, Any]) -> None:
        self._job = job
        self.item = item
        self.parameter_set = parameter_set
        self.counts: dict[str, int] = fields["counts"]
        self.memory: list[str] | None = fields.get("memory")
        self.expectation_values = [
            ExpectationValue(value.get("name", ""), value["value"], value["std_error"])
            for value in fields["expectation_values"]
        ]
        self.outputs: dict[str, Any] = fields["outputs"]
        self.shots: int = fields["shots"]
        self.seed: int = fields["seed"]
        self.metadata: dict[str, Any] = fields["metadata"]
        self.warnings: list[str] = fields["warnings"]
        self.optimization: dict[str, Any] | None = fields.get("optimization")
        self.returned: Any = fields.get("returned")

    @property
    def job_id(self) -> str:
        return self._job.id

    def probabilities(self) -> dict[str, float]:
        """Counts divided by their sum, in the same order; {} without counts."""
        total = sum(self.counts.values())
        return {bits: count / total for bits, count in self.counts.items()}

    def __repr__(self) -> str:
        values = f", expectation_values={self.expectation_values}" if self.expectation_values else ""
        return f"Result(counts={self.counts}{values}, shots={self.shots}, seed={self.seed})"

    def _repr_html_(self) -> str:
        values = "".join(
            f"<div>{html.escape(value.name)} = {value.value:.9g} ± {value.std_error:.2g}</div>"
            for value in self.expectation_values
        )
        if self.optimization:
            found = self.optimization
            values = f"<div>energy = {found['value']:.9g} ± {found['std_error']:.2g}</div>" + values
        note = html.escape(f"{self.shots} shots, seed {self.seed}, {self.job_id}")
        drawing = self._job._drawing_html(self.item)
        return f"<div>{drawing}{_histogram(self.counts)}{values}<small>{note}</small></div>"


class Results(list[Result]):
    """Results of a job: circuit after circuit, and for each its parameter sets in order."""

    def _repr_html_(self) -> str:
        shown = "".join(result._repr_html_() for result in self[:_RESULTS_SHOWN])
        more = len(self) - _RESULTS_SHOWN
        return shown + (f"<div>and {more} more</div>" if more > 0 else "")


class Job:
    """A job on the server.

    `id` names it for ever; `info` is the last that was heard of it, as REST gives it.
    """

    def __init__(
        self,
        client: Client,
        info: dict[str, Any],
        sources: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> None:
        self._client = client
        self._sources = dict(enumerate(sources))
        self._languages = dict(enumerate(languages))
        self._drawings: dict[int, str] = {}
        self.id: str = info["job_id"]
        self.info = info

    def __repr__(self) -> str:
        return f"Job({self.id!r}, {self.info['state']})"

    @property
    def done(self) -> bool:
        """Whether it had ended, well or not, when the server was last asked."""
        return self.info["state"] in TERMINAL_STATES

    @property
    def state(self) -> str:
        """PENDING, COMPILING, QUEUED, RUNNING, DONE, ERROR, CANCELLED or TIMEOUT.

        Asks the server, unless the job is known to have ended.
        """
        return str((self if self.done else self.refresh()).info["state"])

    def refresh(self) -> Job:
        """Asks the server for the job as it is now, and gives itself."""
        return self._look(None)

    def _look(self, deadline: float | None) -> Job:
        self.info = self._client._json("GET", self._path(), has=_OF_JOB, deadline=deadline)
        return self

    def wait(self, timeout: float | None = None) -> Job:
        """Waits until the job has ended, well or not, and gives itself.

        Errors: WaitTimeout after `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        for pause in _pauses(deadline):
            time.sleep(pause)
            if self.done or self._look(deadline).done:
                return self
        raise self._not_ended(timeout)

    def _not_ended(self, timeout: float | None) -> WaitTimeout:
        text = f"{self.id} is {self.info['state']} after {timeout} seconds; it goes on, so wait for it again."
        return WaitTimeout("WAIT_TIMEOUT", text, retryable=True)

    def result(self, timeout: float | None = None) -> Result:
        """Waits, and gives the only result. Errors: as `results`; ValueError when the job has several."""
        results = self.results(timeout)
        if len(results) != 1:
            raise ValueError(f"{self.id} has {len(results)} results; use results() instead of result().")
        return results[0]

    def results(self, timeout: float | None = None) -> Results:
        """Waits, and gives all results: circuit after circuit, and for each its parameter sets.

        Errors: WaitTimeout after `timeout` seconds; QfsError with the reason when the job did not end in
        DONE, CANCELLED when it was cancelled.
        """
        return self.wait(timeout)._ended()

    def _ended(self) -> Results:
        if self.info["state"] != "DONE":
            raise self._failure()
        answer = self._client._json("GET", self._path("/results"))
        try:
            return Results(
                Result(self, at, number, {**item, **fields})
                for at, item in enumerate(answer["results"]["items"])
                for number, fields in enumerate(item["results"])
            )
        except (KeyError, TypeError) as error:
            raise _invalid(f"The results of {self.id} lack {error}.") from error

    def _failure(self) -> QfsError:
        if self.info["state"] == "CANCELLED":
            return QfsError("CANCELLED", f"{self.id} was cancelled.")
        error = self.info.get("error") or {}
        failure = QfsError(
            error.get("reason") or self.info["state"],
            f"{self.id} ended in {self.info['state']}: {error.get('summary') or 'no reason is known.'}",
            diagnostics=self.info.get("diagnostics") or (),
        )
        failure.source = self._sources.get(0, "") if len(self._sources) == 1 else ""
        return failure

    def cancel(self) -> str:
        """Asks for cancellation and gives the outcome, cancelled or requested.

        A job that was cancelled before gives cancelled again. Errors: JOB_TERMINAL when it has ended
        otherwise.
        """
        try:
            return str(self._client._json("POST", self._path("/cancel"), has=("outcome",))["outcome"])
        except QfsError as error:
            # The answer to an earlier try may have been lost.
            if error.code == "JOB_TERMINAL" and self.refresh().info["state"] == "CANCELLED":
                return "cancelled"
            raise

    def delete(self) -> None:
        """Gives up every byte of a job that has ended, for ever. Errors: JOB_NOT_TERMINAL while it runs."""
        try:
            self._client._call("DELETE", self._path())
        except QfsError as error:
            if error.code != "JOB_DELETED":
                raise

    def events(self, after: int = 0) -> Events:
        """Updates of the job from event `after` on, as they happen, to the one that ends it. See `Events`."""
        return Events(self._client, self.id, after)

    def rationale(self) -> dict[str, Any]:
        """Why the job is where it is: queue, position, reasons, estimates."""
        return self._client._json("GET", self._path("/rationale"))

    def artifacts(self) -> list[dict[str, Any]]:
        """What is kept for the job: dicts with name, type, content_type, size in bytes, hash, path, href."""
        return _dicts(self._client._json("GET", self._path("/artifacts")), "artifacts")

    def artifact(self, name: str) -> bytes:
        """The bytes of an artifact, checked against the SHA-256 that the server names.

        Errors: ARTIFACT_NOT_FOUND; ARTIFACT_CORRUPT when the bytes are not those.
        """
        data, headers = self._client._call("GET", self._path(f"/artifacts/{urllib.parse.quote(name)}"))
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        named = headers.get("ETag", "").strip('"')
        if named != digest:
            raise QfsError("ARTIFACT_CORRUPT", f"{name} of {self.id} should be {named} and is {digest}.")
        return data

    def receipt(self) -> bytes:
        """The signed receipt of a job that has ended. Its bytes count, so keep them as they are.

        Errors: JOB_NOT_TERMINAL before the end; RECEIPT_PENDING when no checkpoint covers the job in time.
        """
        seconds = max(1, min(_RECEIPT_SECONDS, math.floor(self._client.timeout / 2)))
        headers = {"Prefer": f"wait={seconds}"}
        return self._client._call("GET", self._path("/receipt"), headers=headers)[0]

    def _path(self, below: str = "") -> str:
        return _job_path(self.id, below)

    def _drawing_html(self, item: int) -> str:
        """The circuit as a picture, or "" when there is none to be had soon: a result is shown without it."""
        if item not in self._drawings:
            self._drawings[item] = ""
            deadline = time.monotonic() + _DRAWING_SECONDS_MAX
            try:
                source = self._source(item, deadline)
                drawing = self._client._draw(source, self._languages.get(item), {"format": "svg"}, deadline)
                if len(drawing) <= _DRAWING_CHARS_MAX:
                    self._drawings[item] = drawing._repr_html_()
            except QfsError:
                pass
        return self._drawings[item]

    def _source(self, item: int, deadline: float) -> str:
        if item not in self._sources:
            many = self.info.get("item_count", 1) > 1
            name = f"items/{item}/program.qasm" if many else "program.qasm"
            data, _ = self._client._call("GET", self._path(f"/artifacts/{name}"), deadline=deadline)
            self._sources[item] = data.decode("utf-8", "replace")
        return self._sources[item]

    def __await__(self) -> Generator[Any, None, Result]:
        """`await job` is `await AsyncJob(job).result()`."""
        return AsyncJob(self).result().__await__()


class Events:
    """Updates of a job: an iterator of dicts.

    Their fields are job_id, event_seq, state, stage, progress (0 to 1), message, attempt, timestamp and
    error. It ends after the update that ends the job, at once when nothing is left. A broken or silent
    connection is opened again where it broke; QfsError when that fails as often as the client retries.
    `close()` ends it from any thread.
    """

    def __init__(self, client: Client, job_id: str, after: int) -> None:
        self._client = client
        self._job_id = job_id
        self._last = after
        self._closed = threading.Event()
        self._answer: http.client.HTTPResponse | None = None
        self._updates = self._read()

    def __iter__(self) -> Events:
        return self

    def __next__(self) -> dict[str, Any]:
        return next(self._updates)

    def __enter__(self) -> Events:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closed.set()
        answer = self._answer
        try:
            if answer is not None:
                # A read that waits in another thread ends only with the connection.
                with socket.fromfd(answer.fileno(), socket.AF_INET, socket.SOCK_STREAM) as connection:
                    connection.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError, ValueError):
            pass  # It has ended by itself meanwhile.
        try:
            self._updates.close()
        except ValueError:
            pass  # The other thread is inside and finds the connection gone.

    def _read(self) -> Generator[dict[str, Any], None, None]:
        failures = 0
        path = _job_path(self._job_id, "/events")
        while not self._closed.is_set():
            try:
                headers = {"Last-Event-ID": str(self._last), "Accept": "text/event-stream"}
                with self._client._open("GET", path, headers=headers, timeout=_STREAM_SECONDS_MAX) as answer:
                    self._answer = answer
                    if self._closed.is_set() or answer.status == 204:
                        return
                    for update in self._updates_of(answer):
                        failures = 0
                        yield update
                        if update.get("state") in TERMINAL_STATES:
                            return
                raise _unreachable(f"The events of {self._job_id} ended before the job did.")
            except (OSError, http.client.HTTPException, QfsError) as error:
                failures += 1
                failure = (
                    error if isinstance(error, QfsError) else _unreachable(f"Events broke off: {error}.")
                )
                if self._closed.is_set():
                    return
                if not failure.retryable or failures > self._client.retries:
                    raise failure
            finally:
                self._answer = None
            self._closed.wait(self._client._pause(failures, failure))

    def _updates_of(self, answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
        """Updates of one connection that were not seen on an earlier one."""
        for name, number, data in _server_sent_events(answer):
            if name == "problem":
                raise _problem(data.get("status", 500), data)
            if name == "update" and number > self._last:
                self._last = number
                yield data


class Client:
    """One QFS server. Threads may share it.

    url          address of the REST door; default: QFS_URL, else http://127.0.0.1:8000.
    token        sent as bearer token, to this address alone; default: QFS_TOKEN, else none.
    timeout      seconds that the server may stay silent within one request.
    retries      how often a request is sent again whose failure is retryable. A job is never submitted twice
                 by that: all tries carry one Idempotency-Key.
    backoff      seconds before the second try; every further one waits twice as long, to at most 8 seconds.
                 The server's Retry-After goes before.
    cafile       file with certificates (PEM) of authorities that a server with https is trusted for, beside
                 those of the system; default: QFS_CA_FILE, else none.
    ssl_context  `ssl.SSLContext` in its place, for example one with a certificate of the client.

    Every method that asks the server raises QfsError when it cannot or will not answer.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 4,
        backoff: float = 0.25,
        cafile: str | os.PathLike[str] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.url = _server_url(url or os.environ.get("QFS_URL") or URL_DEFAULT)
        self.timeout = timeout
        self.retries = retries
        self.backoff = backoff
        self._headers = {"User-Agent": f"qfs-python/{__version__}", "Accept": "application/json"}
        token = token or os.environ.get("QFS_TOKEN")
        if token:
            if not re.fullmatch(r"[\x21-\x7e]+", token):
                raise ValueError("The token holds characters that no token has, such as blanks or line ends.")
            self._headers["Authorization"] = f"Bearer {token}"
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if urllib.parse.urlsplit(self.url).hostname in ("127.0.0.1", "::1", "localhost"):
            handlers.append(urllib.request.ProxyHandler({}))
        context = ssl_context or _ssl_context(cafile or os.environ.get("QFS_CA_FILE"))
        if context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def __repr__(self) -> str:
        return f"Client({self.url!r})"

    def submit(
        self,
        program: Any,
        shots: int | None = None,
        seed: int | None = None,
        *,
        parameters: Any = None,
        inputs: dict[str, Any] | None = None,
        observables: Any = None,
        memory: bool = False,
        target: str | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: dict[str, str] | None = None,
        priority: int | None = None,
        method: str | None = None,
        precision: str | None = None,
        options: dict[str, Any] | None = None,
        dependencies: Sequence[Job | str] | None = None,
        reservation_id: str | None = None,
        compiler_options: dict[str, str] | None = None,
        language: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Submits a job and gives it at once.

        program      OpenQASM or Eigen-Lang text, path, qiskit or cirq circuit, or a list of them: a batch.
        shots        of every circuit under every parameter set, 1 to 10,000,000. Default: what an Eigen-Lang
                     program says, else 1024.
        seed         0 to 2**53 - 1; the same seed gives the same counts. Default: one that the server draws.
        parameters   dict of input name to number, or to a list of numbers: as many runs as the lists are
                     long, whose lengths must agree; or a list of dicts, one for each run. Angles in radians.
        inputs       dict of input name to value for all runs: numbers, booleans, bit strings, lists for
                     arrays.
        observables  a Pauli string such as "ZZ" (qubit 0 rightmost), a dict of Pauli string to coefficient, a
                     `qiskit.quantum_info.SparsePauliOp`, or a list of such.
        memory       whether to keep the bit string of every shot.
        target       device, one of `devices()`; default: the local simulator.
        name, tags   how people find the job: text of at most 128 characters, list of such.
        metadata     dict of text to text, kept in the artifact job.yaml.
        priority     0 to 100, default 50; higher goes first.
        dependencies jobs, or their ids, that must be DONE before this one begins.
        reservation_id   of a reservation of the device.
        options      what the device documents, for example `{"noise_model": "depolarizing:0.01"}`.
        method, precision, compiler_options   as in the REST interface.
        language     openqasm3, openqasm2, openqasm3-braket, eigen-lang or aqo; default: what the text looks
                     like.
        idempotency_key   default: a new one. The same request under the same key is the same job for 72
                          hours.

        Errors: QfsError with diagnostics for a program that cannot run; TypeError, ValueError for arguments.
        """
        of_all = _present(
            shots=shots,
            parameters=parameters,
            inputs=inputs,
            observables=observables,
            memory=memory,
            compiler_options=compiler_options,
            language=language,
        )
        return self.submit_items(
            [{"program": one, **of_all} for one in _programs(program)],
            seed,
            target=target,
            name=name,
            tags=tags,
            metadata=metadata,
            priority=priority,
            method=method,
            precision=precision,
            options=options,
            dependencies=dependencies,
            reservation_id=reservation_id,
            idempotency_key=idempotency_key,
        )

    def submit_items(
        self,
        items: Sequence[dict[str, Any]],
        seed: int | None = None,
        *,
        target: str | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: dict[str, str] | None = None,
        priority: int | None = None,
        method: str | None = None,
        precision: str | None = None,
        options: dict[str, Any] | None = None,
        dependencies: Sequence[Job | str] | None = None,
        reservation_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Submits circuits that differ in more than the program as one job, and gives it at once.

        Each of `items` is a dict with `program` and, where it has them, `shots`, `parameters`, `inputs`,
        `observables`, `memory`, `compiler_options` and `language`, as in `submit`; as there are the other
        arguments and the errors.
        """
        sent = [_item(**item) for item in items]
        sources = [item["program"] for item in sent]
        body = _present(
            items=sent,
            seed=None if seed is None else operator.index(seed),
            target=target,
            name=name,
            tags=None if tags is None else list(tags),
            metadata=metadata,
            priority=priority,
            method=method,
            precision=precision,
            options=options,
            dependencies=None if dependencies is None else [_job_id(job) for job in dependencies],
            reservation_id=reservation_id,
        )
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        try:
            info = self._json("POST", "/api/v1/jobs", has=_OF_JOB, body=body, headers=headers)
        except QfsError as error:
            field = error.errors[0].get("field", "") if error.errors else ""
            number = re.match(r"items\[(\d+)\]", field)
            error.source = sources[int(number.group(1))] if number else sources[0]
            raise
        return Job(self, info, sources, [item["language"] for item in sent])

    def run(
        self,
        program: Any,
        shots: int | None = None,
        seed: int | None = None,
        *,
        timeout: float | None = None,
        **options: Any,
    ) -> Any:
        """Submits, waits, and gives the `Result`; `Results` for a batch or a sweep of parameters.

        `timeout` bounds the wait in seconds; without it, the wait ends with the job, whose time the server
        bounds. The other options are those of `submit`. Errors: those of `submit` and of `Job.results`.
        """
        job = self.submit(program, shots, seed, **options)
        return (job.result if _is_single(program, options.get("parameters")) else job.results)(timeout)

    def job(self, job_id: str) -> Job:
        """A job by its id. Errors: JOB_NOT_FOUND; JOB_DELETED."""
        return Job(self, {"job_id": job_id, "state": "PENDING"}).refresh()

    def jobs(self, state: Any = None, limit: int | None = 50) -> Iterator[Job]:
        """Jobs, newest first, asked for page by page; `state` is one or a list, `limit` None gives all."""
        states = [state] if isinstance(state, str) else list(state or ())
        cursor: str | None = None
        left = math.inf if limit is None else limit
        while left > 0:
            query = _present(state=states, limit=min(left, _JOBS_PAGE), cursor=cursor)
            path = f"/api/v1/jobs?{urllib.parse.urlencode(query, doseq=True)}"
            page = self._json("GET", path, has=("jobs", "next_cursor"))
            for info in page["jobs"]:
                yield Job(self, info)
            left -= len(page["jobs"])
            cursor = page["next_cursor"]
            if not cursor:
                return

    def identity(self) -> dict[str, Any]:
        """Who the caller is to the server: subject, tenant, project, roles, permissions."""
        return self._json("GET", "/api/v1/identity")

    def devices(self) -> list[dict[str, Any]]:
        """Devices: dicts with device_id, name, backend_type, status, queue_depth, capabilities and
        estimated_wait_seconds.
        """
        return _dicts(self._json("GET", "/api/v1/devices"), "devices")

    def device(self, device_id: str) -> dict[str, Any]:
        """A device by its id, as `devices` has it. Errors: DEVICE_NOT_FOUND."""
        path = f"/api/v1/devices/{urllib.parse.quote(device_id, safe='')}"
        return self._json("GET", path, has=("device_id", "name", "capabilities"))

    def validate(
        self, program: Any, *, level: str = "semantic", language: str | None = None
    ) -> dict[str, Any]:
        """Checks a program without running it: dict with valid, executable, reason, diagnostics and metrics.

        `level` is syntax or semantic. A program with faults is an answer, not an error.
        """
        source = _source(program)
        body = {"language": language or _language(source), "source": source, "level": level}
        return self._json("POST", "/api/v1/validate", body=body)

    def draw(
        self,
        program: Any,
        format: str = "text",
        *,
        fold: int | None = None,
        ascii: bool = False,
        language: str | None = None,
    ) -> Drawing:
        """Draws a program as text, folded after `fold` columns, or as svg.

        Errors: as `submit` for the program.
        """
        options = _present(format=format, fold=fold, ascii=ascii or None)
        return self._draw(_source(program), language, options, None)

    def _draw(
        self, source: str, language: str | None, options: dict[str, Any], deadline: float | None
    ) -> Drawing:
        body = {"language": language or _language(source), "source": source, **options}
        try:
            data, _ = self._call("POST", "/api/v1/draw", body=body, deadline=deadline)
        except QfsError as error:
            error.source = source
            raise
        return Drawing(data.decode("utf-8", "replace"))

    def _json(self, method: str, path: str, *, has: Sequence[str] = (), **options: Any) -> dict[str, Any]:
        """An answer in JSON, an object with at least the fields `has`."""
        data, _ = self._call(method, path, **options)
        try:
            answer = json.loads(data)
        except ValueError as error:
            raise _invalid(f"{self.url} did not answer with JSON; is it a QFS server?") from error
        if not isinstance(answer, dict) or any(name not in answer for name in has):
            fields = ", ".join(has) or "fields"
            raise _invalid(f"{self.url} did not answer with an object of {fields}; is it a QFS server?")
        return answer

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        deadline: float | None = None,
    ) -> tuple[bytes, http.client.HTTPMessage]:
        """Bytes and headers of the answer.

        Tries again what may succeed soon: not what has to wait for a job, and not when `deadline` is over by
        then.
        """
        data = None if body is None else json.dumps(body, allow_nan=False).encode()
        sent = {**({} if data is None else {"Content-Type": "application/json"}), **(headers or {})}
        failures = 0
        while True:
            left = math.inf if deadline is None else max(deadline - time.monotonic(), _LOOK_SECONDS_MAX)
            timeout = min(self.timeout, left)
            try:
                with self._open(method, path, data=data, headers=sent, timeout=timeout) as answer:
                    return answer.read(), answer.headers
            except QfsError as error:
                failure = error
            except (OSError, http.client.HTTPException) as error:
                failure = _unreachable(f"The answer of {self.url} broke off: {error}.")
            failures += 1
            pause = self._pause(failures, failure)
            late = deadline is not None and time.monotonic() + pause > deadline
            if not failure.retryable or failures > self.retries or late or failure.code == "JOB_NOT_TERMINAL":
                raise failure
            time.sleep(pause)

    def _open(
        self,
        method: str,
        path: str,
        *,
        data: bytes | None = None,
        headers: dict[str, str],
        timeout: float,
    ) -> http.client.HTTPResponse:
        """The answer to one try, if it is a good one."""
        request = urllib.request.Request(self.url + path, data, {**self._headers, **headers}, method=method)
        try:
            try:
                answer: http.client.HTTPResponse = self._opener.open(request, timeout=timeout)
                return answer
            except urllib.error.HTTPError as error:
                with error:
                    raise _answered(error.code, error.headers, error.read()) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, ssl.SSLCertVerificationError):
                raise QfsError(
                    "CERTIFICATE_INVALID",
                    f"The certificate of {self.url} is not trusted: {reason.verify_message}. Name the file "
                    "with the certificate of its authority by cafile= or QFS_CA_FILE.",
                ) from None
            what_to_do = "Start a server with npm start, or name another by QFS_URL."
            raise _unreachable(f"{self.url} does not answer: {reason}. {what_to_do}") from None

    def _pause(self, failures: int, failure: QfsError) -> float:
        """Seconds before the next try; unequal, so that many clients do not come back at once."""
        if failure.retry_after > 0:
            return min(failure.retry_after, _RETRY_AFTER_SECONDS_MAX)
        return min(self.backoff * 2.0 ** min(failures - 1, 30), _BACKOFF_SECONDS_MAX) * random.uniform(0.5, 1)


class AsyncJob:
    """A `Job` whose methods are awaited; `await job` gives its result.

    Cancelling an await ends it at once and leaves the job on the server alone; `cancel()` is for that. A
    request that is on its way goes to its end in its thread, and nobody hears of it.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.id = job.id

    def __repr__(self) -> str:
        return f"AsyncJob({self.id!r}, {self.job.info['state']})"

    @property
    def info(self) -> dict[str, Any]:
        """The last that was heard of the job, as REST gives it."""
        return self.job.info

    def __await__(self) -> Generator[Any, None, Result]:
        return self.result().__await__()

    async def refresh(self) -> AsyncJob:
        await asyncio.to_thread(self.job.refresh)
        return self

    async def wait(self, timeout: float | None = None) -> AsyncJob:
        """As `Job.wait`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        for pause in _pauses(deadline):
            await asyncio.sleep(pause)
            if self.job.done or (await asyncio.to_thread(self.job._look, deadline)).done:
                return self
        raise self.job._not_ended(timeout)

    async def result(self, timeout: float | None = None) -> Result:
        """As `Job.result`."""
        await self.wait(timeout)
        return await asyncio.to_thread(self.job.result)

    async def results(self, timeout: float | None = None) -> Results:
        """As `Job.results`."""
        await self.wait(timeout)
        return await asyncio.to_thread(self.job.results)

    async def cancel(self) -> str:
        """As `Job.cancel`."""
        return await asyncio.to_thread(self.job.cancel)

    async def delete(self) -> None:
        """As `Job.delete`."""
        await asyncio.to_thread(self.job.delete)

    async def events(self, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """As `Job.events`, as an asynchronous iterator.

        Every stream has a thread of its own while it is open.
        """
        loop = asyncio.get_running_loop()
        with self.job.events(after) as events:
            thread = concurrent.futures.ThreadPoolExecutor(1)
            try:
                while True:
                    update = await loop.run_in_executor(thread, next, events, None)
                    if update is None:
                        return
                    yield update
            finally:
                thread.shutdown(wait=False)

    async def rationale(self) -> dict[str, Any]:
        """As `Job.rationale`."""
        return await asyncio.to_thread(self.job.rationale)

    async def artifacts(self) -> list[dict[str, Any]]:
        """As `Job.artifacts`."""
        return await asyncio.to_thread(self.job.artifacts)

    async def artifact(self, name: str) -> bytes:
        """As `Job.artifact`."""
        return await asyncio.to_thread(self.job.artifact, name)

    async def receipt(self) -> bytes:
        """As `Job.receipt`."""
        return await asyncio.to_thread(self.job.receipt)


class AsyncClient:
    """A `Client` whose methods are awaited: the same arguments, `AsyncJob` for `Job`.

    Requests run in threads.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.client = Client(*args, **options)

    def __repr__(self) -> str:
        return f"AsyncClient({self.client.url!r})"

    async def submit(self, program: Any, *args: Any, **options: Any) -> AsyncJob:
        """As `Client.submit`."""
        return AsyncJob(await asyncio.to_thread(self.client.submit, program, *args, **options))

    async def submit_items(self, items: Sequence[dict[str, Any]], *args: Any, **options: Any) -> AsyncJob:
        """As `Client.submit_items`."""
        return AsyncJob(await asyncio.to_thread(self.client.submit_items, items, *args, **options))

    async def run(self, program: Any, *args: Any, timeout: float | None = None, **options: Any) -> Any:
        """As `Client.run`."""
        job = await self.submit(program, *args, **options)
        return await (job.result if _is_single(program, options.get("parameters")) else job.results)(timeout)

    async def job(self, job_id: str) -> AsyncJob:
        """As `Client.job`."""
        return AsyncJob(await asyncio.to_thread(self.client.job, job_id))

    async def jobs(self, state: Any = None, limit: int | None = 50) -> list[AsyncJob]:
        """As `Client.jobs`, as a list."""
        jobs = await asyncio.to_thread(lambda: list(self.client.jobs(state, limit)))
        return [AsyncJob(job) for job in jobs]

    async def identity(self) -> dict[str, Any]:
        """As `Client.identity`."""
        return await asyncio.to_thread(self.client.identity)

    async def devices(self) -> list[dict[str, Any]]:
        """As `Client.devices`."""
        return await asyncio.to_thread(self.client.devices)

    async def device(self, device_id: str) -> dict[str, Any]:
        """As `Client.device`."""
        return await asyncio.to_thread(self.client.device, device_id)

    async def validate(self, program: Any, **options: Any) -> dict[str, Any]:
        """As `Client.validate`."""
        return await asyncio.to_thread(self.client.validate, program, **options)

    async def draw(self, program: Any, *args: Any, **options: Any) -> Drawing:
        """As `Client.draw`."""
        return await asyncio.to_thread(self.client.draw, program, *args, **options)


def run(
    program: Any,
    shots: int | None = None,
    seed: int | None = None,
    *,
    url: str | None = None,
    token: str | None = None,
    cafile: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Any:
    """Runs a program on the server at `url` and gives its `Result`. See `Client.run` and `Client.submit`."""
    return Client(url, token, cafile=cafile).run(program, shots, seed, **options)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: following it would take the token elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _job_id(job: Job | str) -> str:
    return job if isinstance(job, str) else job.id


def _job_path(job_id: str, below: str) -> str:
    return f"/api/v1/jobs/{urllib.parse.quote(job_id, safe='')}{below}"


def _server_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a server; write http://HOST:PORT.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            "The address of a server holds no user, query or fragment; credentials go into the token."
        )
    return url.rstrip("/")


def _ssl_context(cafile: str | os.PathLike[str] | None) -> ssl.SSLContext | None:
    """What certificates are checked against, or None for what the system trusts."""
    if not cafile:
        return None
    try:
        context = ssl.create_default_context()
        context.load_verify_locations(cafile)
    except OSError as error:
        raise ValueError(f"{os.fspath(cafile)!r} cannot be read as certificates in PEM: {error}.") from None
    return context


def _pauses(deadline: float | None) -> Iterator[float]:
    """Seconds to pause before each look at what takes its time; the last look is at the deadline."""
    start = time.monotonic()
    yield 0.0
    while deadline is None or time.monotonic() < deadline:
        now = time.monotonic()
        pause = min(max((now - start) / 10, _LOOK_SECONDS_MIN), _LOOK_SECONDS_MAX)
        yield pause if deadline is None else max(0.0, min(pause, deadline - now))


def _unreachable(text: str) -> QfsError:
    return QfsError("SERVER_UNREACHABLE", text, retryable=True)


def _invalid(text: str) -> QfsError:
    return QfsError("ANSWER_INVALID", text)


def _answered(status: int, headers: Any, data: bytes) -> QfsError:
    """The failure an answer tells of: problem+json of the server, or what something in between wrote."""
    try:
        fields = json.loads(data)
    except ValueError:
        fields = None
    error = _problem(status, fields if isinstance(fields, dict) else {})
    seconds = headers.get("Retry-After", "")
    error.retry_after = float(seconds) if seconds.isdigit() else 0.0
    return error


def _problem(status: int, fields: dict[str, Any]) -> QfsError:
    return _ERRORS.get(status, QfsError)(
        str(fields.get("code") or f"HTTP_{status}"),
        str(fields.get("detail") or fields.get("title") or f"The server answered with HTTP status {status}."),
        diagnostics=fields.get("diagnostics") or (),
        errors=fields.get("errors") or (),
        request_id=str(fields.get("request_id") or ""),
        retryable=bool(fields.get("retryable", status in (429, 502, 503, 504))),
        status=status,
    )


_ERRORS: dict[int, type[QfsError]] = {401: Unauthenticated, 403: PermissionDenied, 429: RateLimited}


def _server_sent_events(lines: Any) -> Iterator[Any]:
    """(event, id, data) of a text/event-stream (HTML standard, section 9.2.6), whose data is JSON."""
    name, number = "message", 0
    data: list[str] = []
    for raw in lines:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if line == "":
            if data:
                yield name, number, _event("\n".join(data))
            name, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "event":
            name = value
        elif field == "id" and value.isdigit():
            number = int(value)
        elif field == "data":
            data.append(value)


def _event(data: str) -> dict[str, Any]:
    try:
        fields = json.loads(data)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise _invalid("An event of the server is no object of JSON.")
    return fields


def _programs(program: Any) -> list[Any]:
    """The programs of a batch, or the only one."""
    programs = list(program) if isinstance(program, (list, tuple)) else [program]
    if not programs:
        raise ValueError("A batch needs at least one program.")
    return programs


def _item(
    *,
    program: Any,
    shots: int | None = None,
    parameters: Any = None,
    inputs: dict[str, Any] | None = None,
    observables: Any = None,
    memory: bool = False,
    compiler_options: dict[str, str] | None = None,
    language: str | None = None,
) -> dict[str, Any]:
    """One circuit of a job as REST has it."""
    source = _source(program)
    language = language or _language(source)
    if shots is None and language != "eigen-lang":
        shots = SHOTS_DEFAULT
    return _present(
        language=language,
        program=source,
        shots=None if shots is None else operator.index(shots),
        parameters=_parameter_sets(parameters),
        inputs=_inputs(inputs),
        observables=_observables(observables),
        memory=memory or None,
        compiler_options=compiler_options,
    )


def _source(program: Any) -> str:
    """The text of a program in any of its forms.

    What made the object is imported already, so this imports it too.
    """
    if isinstance(program, str):
        return program
    if isinstance(program, os.PathLike):
        with open(program, encoding="utf-8") as file:
            return file.read()
    if _is_of("qiskit", program):
        from qiskit import qasm2, qasm3
        from qiskit.exceptions import QiskitError

        try:
            return str(qasm3.dumps(program))
        except QiskitError:
            return str(qasm2.dumps(program))
    if _is_of("cirq", program):
        return str(program.to_qasm())
    kind = type(program).__name__
    forms = "OpenQASM or Eigen-Lang text, a path, or a circuit of qiskit or cirq"
    raise TypeError(f"A program is {forms}, not {kind}.")


def _is_of(package: str, value: Any) -> bool:
    return any(kind.__module__.split(".")[0] == package for kind in type(value).__mro__)


# Blanks and comments, each read in one way only, so that no text takes long.
_HEADER = re.compile(r"(?:\s|//[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*OPENQASM\s+2\b")

_EIGEN = re.compile(r"^from[ \t]+eigen_lang\b", re.MULTILINE)


def _language(source: str) -> str:
    if source.lstrip().startswith("{"):
        return "aqo"
    if _EIGEN.search(source):
        return "eigen-lang"
    return "openqasm2" if _HEADER.match(source) else "openqasm3"


def _dicts(answer: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """A list of objects in an answer."""
    found = answer.get(field)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise _invalid(f"The server did not answer with a list of {field}; is it a QFS server?")
    return found


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy as those of Python."""
    return value.tolist() if hasattr(value, "tolist") else value


def _name(key: Any) -> str:
    """The name of an input: text, or what qiskit writes for a parameter: `_p_0_` for `p[0]`."""
    if isinstance(key, str):
        return key
    name = str(getattr(key, "name", key))
    return name if name.isidentifier() else "_" + re.sub(r"\W", "_", name)


def _is_sweep(parameters: Any) -> bool:
    if not hasattr(parameters, "items"):
        return parameters is not None
    return any(isinstance(_plain(value), (list, tuple)) for value in parameters.values())


def _is_single(program: Any, parameters: Any) -> bool:
    """Whether a job has one result and no list of results."""
    return not isinstance(program, (list, tuple)) and not _is_sweep(parameters)


def _parameter_sets(parameters: Any) -> list[dict[str, float]] | None:
    """One dict for each run."""
    if parameters is None:
        return None
    if not hasattr(parameters, "items"):
        return [_numbers(values) for values in parameters]
    if not _is_sweep(parameters):
        return [_numbers(parameters)]
    columns = {_name(key): _plain(value) for key, value in parameters.items()}
    lengths = {name: len(column) for name, column in columns.items() if isinstance(column, (list, tuple))}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"Lists of parameters must have one length, not {lengths}.")
    return [
        _numbers({name: column[at] if name in lengths else column for name, column in columns.items()})
        for at in range(next(iter(lengths.values())))
    ]


def _inputs(inputs: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if inputs is None else {_name(key): _plain(value) for key, value in inputs.items()}


def _numbers(values: Any) -> dict[str, float]:
    numbers = {_name(key): _plain(value) for key, value in values.items()}
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise ValueError(f"Parameter {name!r} must be a finite number, not {number!r}.")
    return numbers


def _observables(observables: Any) -> list[dict[str, Any]] | None:
    if observables is None:
        return None
    many = isinstance(observables, (list, tuple))
    return [_observable(one) for one in (observables if many else [observables])]


def _observable(observable: Any) -> dict[str, Any]:
    """An observable as REST has it: `{"name"?, "terms": [{"coefficient", "paulis"}]}`."""
    if isinstance(observable, dict) and "terms" in observable:
        return observable
    if isinstance(observable, str):
        return {"name": observable, "terms": [{"coefficient": 1, "paulis": observable}]}
    if isinstance(observable, dict):
        terms = list(observable.items())
    elif hasattr(observable, "to_list"):
        terms = observable.to_list()
    else:
        raise TypeError(
            f"An observable is a Pauli string or a dict of such, not {type(observable).__name__}."
        )
    return {"terms": [{"coefficient": _real(value), "paulis": paulis} for paulis, value in terms]}


def _real(value: Any) -> float:
    number = complex(value)
    if number.imag != 0 or not math.isfinite(number.real):
        raise ValueError(f"A coefficient of an observable must be a finite real number, not {value!r}.")
    return number.real


def _printable(text: str) -> str:
    """Without characters that a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in str(text))


def _excerpt(finding: dict[str, Any], source: str) -> str:
    """A finding with its place in the source underlined."""
    line, column = finding.get("line", 1), finding.get("column", 1)
    margin = " " * len(str(line))
    parts = [
        f"{finding.get('severity')}[{finding.get('code')}]: {_printable(finding.get('message', ''))}",
        f"{margin}--> line {line}, column {column}",
    ]
    lines = source.split("\n")
    if source and line <= len(lines):
        text = lines[line - 1]
        offset = max(0, column - 1 - _EXCERPT_COLUMNS // 2) if len(text) > _EXCERPT_COLUMNS else 0
        shown = _printable(text[offset : offset + _EXCERPT_COLUMNS]).rstrip()
        end = finding.get("end_column", column) if finding.get("end_line") == line else len(text) + 1
        width = max(1, min(end, offset + len(shown) + 1) - column)
        parts += [
            f"{margin} |",
            f"{line} | {shown}",
            f"{margin} | {' ' * (column - 1 - offset)}{'^' * width}",
        ]
    if finding.get("hint"):
        parts.append(f"{margin} = help: {_printable(finding['hint'])}")
    return "\n".join(parts)


def _clipped(label: str) -> str:
    return label if len(label) <= _LABEL_CHARS_MAX else f"{label[: _LABEL_CHARS_MAX - 1]}…"


def _histogram(counts: dict[str, int]) -> str:
    """Bars as SVG; of more than fit a screen the largest in their order, and one bar for the rest."""
    if not counts:
        return ""
    shown = counts
    if len(counts) > _BARS_MAX:
        largest = set(sorted(counts, key=lambda bits: -counts[bits])[: _BARS_MAX - 1])
        shown = {bits: count for bits, count in counts.items() if bits in largest}
        shown[f"{len(counts) - len(shown)} others"] = sum(counts.values()) - sum(shown.values())
    total = max(1, sum(counts.values()))
    scale = 240 / max(1, max(shown.values()))
    labels = [_clipped(bits) for bits in shown]
    left = 10 + 8 * max(map(len, labels))
    rows = []
    for row, (label, count) in enumerate(zip(labels, shown.values())):
        top, width = 20 * row, count * scale
        rows.append(
            f'<text x="{left - 6}" y="{top + 15}" text-anchor="end">{html.escape(label)}</text>'
            f'<rect x="{left}" y="{top + 3}" width="{max(1.0, width):.1f}" height="14" fill="#2563eb"/>'
            f'<text x="{left + 6 + width:.1f}" y="{top + 15}">{count} ({count / total:.1%})</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{left + 380}" '
        f'height="{20 * len(rows) + 4}" font-family="monospace" font-size="13" fill="currentColor">'
        f"<title>Counts</title>{''.join(rows)}</svg>"
    )
