"""A real server that shows a certificate of an authority of one's own and demands tokens."""

import os
import pathlib
import subprocess
import tempfile
import unittest
from unittest import mock

import server
import qfs

BELL = (server.ROOT / "examples" / "bell.qasm").read_text(encoding="utf-8")
REQUESTS_PER_SECOND = 20


def setUpModule():
    global running, cafile, token
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    cafile, key = (pathlib.Path(folder.name, name) for name in ("cert.pem", "key.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        + ["-subj", "/CN=qfs", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
        + ["-keyout", str(key), "-out", str(cafile)],
        check=True,
        capture_output=True,
    )
    running = server.Server(
        QFS_TLS_CERT=str(cafile),
        QFS_TLS_KEY=str(key),
        QFS_AUTH="token",
        QFS_RATE_LIMIT=str(REQUESTS_PER_SECOND),
    )
    unittest.addModuleCleanup(running.stop)
    token = running.token("--role", "user", "--name", "python")


def client(**options):
    return qfs.Client(running.url, **{"token": token, "cafile": cafile, **options})


class Security(unittest.TestCase):
    def test_jobs_run_and_are_followed_over_tls_with_a_token(self):
        self.assertTrue(running.url.startswith("https://"))
        job = client().submit(BELL, 1000, 7)
        self.assertEqual([update["state"] for update in job.events()][-1], "DONE")
        self.assertEqual(job.result().counts, {"00": 498, "11": 502})
        self.assertTrue(job.receipt())

    def test_settings_are_taken_from_the_environment(self):
        settings = {"QFS_URL": running.url, "QFS_TOKEN": token, "QFS_CA_FILE": str(cafile)}
        with mock.patch.dict(os.environ, settings):
            self.assertEqual(qfs.run(BELL, shots=1000, seed=7).counts, {"00": 498, "11": 502})

    def test_a_server_is_not_trusted_without_its_authority(self):
        with self.assertRaises(qfs.QfsError) as caught:
            client(cafile=None).devices()
        self.assertEqual((caught.exception.code, caught.exception.retryable), ("CERTIFICATE_INVALID", False))
        self.assertIn("cafile= or QFS_CA_FILE", str(caught.exception))
        with self.assertRaisesRegex(ValueError, "nowhere.pem"):
            client(cafile="nowhere.pem")
        with tempfile.NamedTemporaryFile() as empty, self.assertRaisesRegex(ValueError, "PEM"):
            client(cafile=empty.name)

    def test_tokens_that_are_missing_or_wrong_have_an_exception(self):
        for wrong in (None, "qfs_nothing", token[:-1]):
            with self.assertRaises(qfs.Unauthenticated) as caught:
                client(token=wrong).devices()
            self.assertEqual((caught.exception.status, caught.exception.retryable), (401, False))

    def test_what_a_token_is_not_good_for_has_an_exception(self):
        reader = client(token=running.token("--role", "readonly"))
        self.assertTrue(reader.devices())
        with self.assertRaises(qfs.PermissionDenied) as caught:
            reader.submit(BELL)
        self.assertEqual((caught.exception.code, caught.exception.status), ("AUTH_DENIED", 403))

    def test_too_many_requests_have_an_exception_and_are_waited_out(self):
        hasty, patient = (
            client(retries=retries, token=running.token("--role", "user")) for retries in (0, 8)
        )
        with self.assertRaises(qfs.RateLimited) as caught:
            for _ in range(20 * REQUESTS_PER_SECOND):
                hasty.devices()
        self.assertGreater(caught.exception.retry_after, 0)
        self.assertTrue(caught.exception.retryable)
        for _ in range(2 * REQUESTS_PER_SECOND):
            patient.devices()


if __name__ == "__main__":
    unittest.main()
