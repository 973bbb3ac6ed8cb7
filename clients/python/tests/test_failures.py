"""What the client does when the other side fails, hangs up, lies, or is somebody else."""

import io
import json
import os
import threading
import unittest
from unittest import mock

from server import answered, peer, problem
import qfs

JOB = {"job_id": "job_1", "state": "QUEUED"}
DONE = {"job_id": "job_1", "state": "DONE"}


def event(number, state):
    update = json.dumps({"event_seq": number, "state": state})
    return f"id: {number}\nevent: update\ndata: {update}\n\n".encode()


def stream(*parts):
    return 200, {"Content-Type": "text/event-stream"}, b"retry: 1000\n\n: heartbeat\n\n" + b"".join(parts)


def client(url, **options):
    return qfs.Client(url, **{"backoff": 0.001, "timeout": 10, **options})


class Retries(unittest.TestCase):
    def test_a_submission_is_repeated_under_the_same_key_and_with_the_same_body(self):
        answers = [None, problem("STORE_UNAVAILABLE", 503, True), (502, {}, b"<html>"), answered(JOB, 202)]
        with peer(*answers) as server:
            job = client(server.url).submit("qubit q;", tags=["a"], seed=1)
            self.assertEqual(job.id, "job_1")
        self.assertEqual(len(server.requests), 4)
        self.assertEqual(len({headers["Idempotency-Key"] for _, headers, _ in server.requests}), 1)
        self.assertEqual(len({body for _, _, body in server.requests}), 1)

    def test_every_submission_has_a_key_of_its_own_unless_one_is_given(self):
        with peer(*[answered(JOB, 202)] * 3) as server:
            asked = client(server.url)
            for key in (None, None, "mine"):
                asked.submit("", idempotency_key=key)
        keys = [headers["Idempotency-Key"] for _, headers, _ in server.requests]
        self.assertEqual(len(set(keys)), 3)
        self.assertEqual(keys[2], "mine")

    def test_what_cannot_succeed_later_is_not_repeated(self):
        for answer in (problem("JOB_NOT_FOUND", 404), problem("JOB_NOT_TERMINAL", 409, True), (500, {}, b"")):
            with peer(answer) as server, self.assertRaises(qfs.QfsError):
                client(server.url).job("job_1")
            self.assertEqual(len(server.requests), 1)

    def test_retries_end_and_the_last_failure_is_told(self):
        with peer(*[problem("RATE_LIMITED", 429, True)] * 3) as server:
            with self.assertRaises(qfs.QfsError) as caught:
                client(server.url, retries=2).devices()
        error = caught.exception
        self.assertEqual((error.code, error.status, error.request_id), ("RATE_LIMITED", 429, "req_1"))
        self.assertEqual(len(server.requests), 3)

    def test_what_a_token_is_refused_for_has_exceptions_of_its_own(self):
        for status, headers, kind, seconds in [
            (401, {}, qfs.Unauthenticated, 0),
            (403, {}, qfs.PermissionDenied, 0),
            (429, {"Retry-After": "7"}, qfs.RateLimited, 7),
        ]:
            with peer(problem("WHATEVER", status, **headers)) as server:
                with self.assertRaises(kind) as caught:
                    client(server.url, retries=0).devices()
            self.assertEqual((caught.exception.status, caught.exception.retry_after), (status, seconds))

    def test_retry_after_goes_before_the_backoff_within_a_bound(self):
        asked = client("http://127.0.0.1:1", backoff=0.25)
        failure = qfs._answered(503, {"Retry-After": "7"}, b"")
        self.assertEqual(asked._pause(1, failure), 7)
        failure.retry_after = 1e9
        self.assertEqual(asked._pause(1, failure), 60)
        for failures in range(1, 2000, 7):
            failure.retry_after = 0
            self.assertLessEqual(asked._pause(failures, failure), 8)
        self.assertEqual(
            qfs._answered(503, {"Retry-After": "Fri, 20 Nov 2026 22:00:00 GMT"}, b"").retry_after, 0
        )

    def test_cancel_and_delete_may_be_repeated_when_their_answer_was_lost(self):
        ended = problem("JOB_TERMINAL", 409)
        cancelled = answered({"job_id": "job_1", "state": "CANCELLED"})
        with peer(None, ended, cancelled, None, problem("JOB_DELETED", 410)) as server:
            job = qfs.Job(client(server.url), JOB)
            self.assertEqual(job.cancel(), "cancelled")
            job.delete()
        with peer(ended, answered(DONE)) as server, self.assertRaisesRegex(qfs.QfsError, "JOB_TERMINAL"):
            qfs.Job(client(server.url), JOB).cancel()


class Waiting(unittest.TestCase):
    def test_a_wait_that_is_too_short_says_so_and_leaves_the_job_alone(self):
        with peer(*[answered(JOB)] * 50) as server:
            with self.assertRaisesRegex(TimeoutError, "job_1 is QUEUED after 0.05 seconds") as caught:
                qfs.Job(client(server.url), JOB).wait(0.05)
        self.assertEqual((caught.exception.code, caught.exception.retryable), ("WAIT_TIMEOUT", True))
        self.assertEqual({asked for asked, _, _ in server.requests}, {"GET /api/v1/jobs/job_1"})

    def test_a_timeout_of_zero_looks_once(self):
        with peer(answered(DONE)) as server:
            self.assertTrue(qfs.Job(client(server.url), JOB).wait(0).done)

    def test_a_deadline_ends_retries(self):
        with peer(*[problem("STORE_UNAVAILABLE", 503, True, **{"Retry-After": "60"})] * 2) as server:
            with self.assertRaisesRegex(qfs.QfsError, "STORE_UNAVAILABLE"):
                qfs.Job(client(server.url), JOB).wait(1)
        self.assertEqual(len(server.requests), 1)

    def test_a_job_that_did_not_end_well_is_an_error_with_its_reason(self):
        failed = {
            **JOB,
            "state": "ERROR",
            "error": {"reason": "SHOT_STEPS_EXCEEDED", "summary": "Too many steps."},
        }
        for info, code, text in [
            (failed, "SHOT_STEPS_EXCEEDED", "Too many steps."),
            ({**JOB, "state": "TIMEOUT", "error": None}, "TIMEOUT", "no reason is known"),
            ({**JOB, "state": "CANCELLED"}, "CANCELLED", "was cancelled"),
        ]:
            with self.assertRaises(qfs.QfsError) as caught:
                qfs.Job(client("http://127.0.0.1:1"), info).results()
            self.assertEqual(caught.exception.code, code)
            self.assertIn(text, str(caught.exception))


class Streams(unittest.TestCase):
    def test_a_broken_stream_is_resumed_where_it_broke_and_nothing_comes_twice(self):
        first = stream(event(1, "PENDING"), event(2, "QUEUED"), b"id: 3\nevent: update\nda")
        with peer(first, None, stream(event(2, "QUEUED"), event(3, "DONE"), event(4, "DONE"))) as server:
            updates = list(qfs.Job(client(server.url), JOB).events())
        self.assertEqual([update["event_seq"] for update in updates], [1, 2, 3])
        self.assertEqual([headers["Last-Event-ID"] for _, headers, _ in server.requests], ["0", "2", "2"])

    def test_a_stream_with_nothing_left_is_empty(self):
        with peer((204, {}, b"")) as server:
            self.assertEqual(list(qfs.Job(client(server.url), DONE).events(after=5)), [])

    def test_a_problem_on_the_way_is_an_error_or_a_reason_to_resume(self):
        fault = b'event: problem\ndata: {"code":"%s","detail":"x","status":503,"retryable":%s}\n\n'
        resumed = stream(fault % (b"STORE_UNAVAILABLE", b"true")), stream(event(1, "DONE"))
        with peer(*resumed) as server:
            self.assertEqual(len(list(qfs.Job(client(server.url), JOB).events())), 1)
        with peer(stream(fault % (b"ARTIFACT_CORRUPT", b"false"))) as server:
            with self.assertRaisesRegex(qfs.QfsError, "ARTIFACT_CORRUPT"):
                list(qfs.Job(client(server.url), JOB).events())

    def test_a_stream_that_always_ends_too_early_is_given_up(self):
        with peer(*[stream()] * 3) as server, self.assertRaisesRegex(qfs.QfsError, "SERVER_UNREACHABLE"):
            list(qfs.Job(client(server.url, retries=2), JOB).events())
        self.assertEqual(len(server.requests), 3)

    def test_events_are_read_as_the_standard_says(self):
        text = b': note\nid: 4\nid: x\ndata: {"a":\ndata:2}\nother\n\n'
        text += b"event: e\r\ndata: {}\r\n\r\nevent: lost\n\ndata: {}\n"
        self.assertEqual(
            list(qfs._server_sent_events(io.BytesIO(text))), [("message", 4, {"a": 2}), ("e", 4, {})]
        )
        for wrong in (b"{", b"[]"):
            with self.assertRaisesRegex(qfs.QfsError, "ANSWER_INVALID"):
                list(qfs._server_sent_events(io.BytesIO(b"data: " + wrong + b"\n\n")))

    def test_a_stream_that_says_nothing_is_closed_from_another_thread(self):
        silence, asked = threading.Event(), threading.Event()
        with peer((200, {}, [asked, silence])) as server:
            events = qfs.Job(client(server.url), JOB).events()
            reader = threading.Thread(target=lambda: list(events), daemon=True)
            reader.start()
            self.assertTrue(asked.wait(30))
            while events._answer is None and reader.is_alive():
                reader.join(0.01)
            events.close()
            reader.join(30)
            self.assertFalse(reader.is_alive())
            self.assertEqual(list(events), [])
            silence.set()


class Peers(unittest.TestCase):
    def test_nobody_there_is_one_sentence_with_the_remedy(self):
        with self.assertRaisesRegex(qfs.QfsError, "SERVER_UNREACHABLE.*npm start.*QFS_URL") as caught:
            client("http://127.0.0.1:1", retries=0).devices()
        self.assertTrue(caught.exception.retryable)

    def test_somebody_else_is_told_from_a_server(self):
        for data in (b"<html>", b"[]", b"{}", b"\xff"):
            with peer((200, {}, data)) as server, self.assertRaisesRegex(qfs.QfsError, "is it a QFS server"):
                client(server.url).devices()
        with peer(answered({"results": {"items": [{}]}})) as server:
            with self.assertRaisesRegex(qfs.QfsError, "lack 'results'"):
                qfs.Job(client(server.url), DONE).results()

    def test_answers_that_are_cut_off_or_never_come_are_failures(self):
        with peer((200, {"Content-Length": "100"}, b"{")) as server:
            with self.assertRaisesRegex(qfs.QfsError, "broke off"):
                client(server.url, retries=0).devices()
        with mock.patch("urllib.request.OpenerDirector.open", side_effect=TimeoutError("timed out")):
            with self.assertRaisesRegex(qfs.QfsError, "timed out"):
                client("http://127.0.0.1:1", retries=0).devices()

    def test_artifacts_are_checked(self):
        for tag in ('"sha256:00"', None):
            headers = {} if tag is None else {"ETag": tag}
            with (
                peer((200, headers, b"bytes")) as server,
                self.assertRaisesRegex(qfs.QfsError, "ARTIFACT_CORRUPT"),
            ):
                qfs.Job(client(server.url), DONE).artifact("a b/c")
            self.assertEqual(server.requests[0][0], "GET /api/v1/jobs/job_1/artifacts/a%20b/c")

    def test_names_cannot_leave_their_place_in_an_address(self):
        with peer(answered({**DONE, "job_id": "x"})) as server:
            client(server.url).job("../devices?x#y")
        self.assertEqual(server.requests[0][0], "GET /api/v1/jobs/..%2Fdevices%3Fx%23y")


class Credentials(unittest.TestCase):
    def test_the_token_is_sent_to_the_server_and_follows_no_redirect(self):
        with peer() as other:
            with peer((302, {"Location": other.url}, b"")) as server:
                with self.assertRaisesRegex(qfs.QfsError, "HTTP_302"):
                    client(server.url, token="secret").devices()
            self.assertEqual(server.requests[0][1]["Authorization"], "Bearer secret")
            self.assertEqual(other.requests, [])

    def test_the_environment_names_server_and_token(self):
        with peer(answered({"devices": []})) as server:
            with mock.patch.dict(os.environ, {"QFS_URL": server.url + "/", "QFS_TOKEN": "t"}):
                self.assertEqual(qfs.Client().devices(), [])
        self.assertEqual(server.requests[0][1]["Authorization"], "Bearer t")
        with mock.patch.dict(os.environ, {"QFS_URL": "", "QFS_TOKEN": ""}):
            self.assertEqual(qfs.Client().url, "http://127.0.0.1:8000")

    def test_a_server_on_this_machine_is_never_asked_through_a_proxy(self):
        with peer(answered({"devices": []})) as server:
            with mock.patch.dict(os.environ, {"http_proxy": "http://127.0.0.1:1", "no_proxy": ""}):
                self.assertEqual(client(server.url).devices(), [])

    def test_wrong_addresses_and_tokens_are_refused_without_being_shown(self):
        for url in ("localhost:8000", "file:///etc/passwd", "http://", "http://u:p@h", "http://h?q"):
            with self.assertRaises(ValueError):
                qfs.Client(url)
        for token in ("a b", "secret\n", "sécret"):
            with self.assertRaises(ValueError) as caught:
                qfs.Client(token=token)
            self.assertNotIn(token, str(caught.exception))
        self.assertNotIn("secret", repr(qfs.Client(token="secret")))


if __name__ == "__main__":
    unittest.main()
