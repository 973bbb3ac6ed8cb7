"""Jobs on a real server of the checkout."""

import asyncio
import hashlib
import json
import threading
import unittest

import server
import qfs

BELL = (server.ROOT / "examples" / "bell.qasm").read_text(encoding="utf-8")
ROTATION = 'include "stdgates.inc"; input float a; qubit q; bit c; rx(a) q; c = measure q;'
# Runs until its steps are used up or it is cancelled, whichever is first.
LONG = 'include "stdgates.inc"; qubit[18] q; bit c; for int i in [0:20000] { h q; } c = measure q[0];'

# Takes long enough for a restart to come in between on most machines; where it does not, the test holds too.
LASTING = LONG.replace("20000", "100")


def setUpModule():
    global running, client
    running = server.Server()
    unittest.addModuleCleanup(running.stop)
    client = qfs.Client(running.url)


class Running(unittest.TestCase):
    def test_three_lines_give_counts_and_the_same_seed_gives_them_again(self):
        result = qfs.run(BELL, shots=1000, seed=7, url=running.url)
        self.assertEqual(list(result.counts), ["00", "11"])
        self.assertEqual(sum(result.counts.values()), 1000)
        self.assertAlmostEqual(sum(result.probabilities().values()), 1)
        self.assertEqual((result.shots, result.seed, result.memory), (1000, 7, None))
        self.assertEqual(result.metadata["qubits"], 2)
        again = client.run(server.ROOT / "examples" / "bell.qasm", 1000, seed=result.seed)
        self.assertEqual(again.counts, result.counts)

    def test_a_batch_is_one_job_and_its_languages_may_differ(self):
        old = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1]; x q[0]; measure q[0] -> c[0];'
        job = client.submit([BELL, old], 10, 1, name="two", tags=["lab"], metadata={"who": "me"}, priority=60)
        results = job.results()
        self.assertEqual([result.item for result in results], [0, 1])
        self.assertEqual(results[1].counts, {"1": 10})
        self.assertEqual((job.info["name"], job.info["tags"], job.info["priority"]), ("two", ["lab"], 60))
        self.assertIn("who: me", job.artifact("job.yaml").decode())
        with self.assertRaisesRegex(ValueError, "2 results; use results"):
            job.result()
        self.assertEqual(len(client.run([BELL])), 1)

    def test_circuits_of_one_job_may_have_shots_and_parameters_of_their_own(self):
        items = [
            {"program": BELL, "shots": 5},
            {"program": ROTATION, "shots": 3, "parameters": {"a": [0, 0]}},
        ]
        results = client.submit_items(items, 1).results()
        self.assertEqual([(result.item, result.shots) for result in results], [(0, 5), (1, 3), (1, 3)])

    def test_parameters_sweep_and_inputs_hold_for_all_runs(self):
        sweep = client.run(ROTATION, 10, 3, parameters={"a": [0, 3.141592653589793]})
        self.assertEqual([result.counts for result in sweep], [{"0": 10}, {"1": 10}])
        self.assertEqual([result.parameter_set for result in sweep], [0, 1])
        self.assertEqual(client.run(ROTATION, 10, parameters={"a": 0}).counts, {"0": 10})
        program = (
            "qubit q; input bit[2] b; input array[int, 2] n; output int sum; sum = n[0] + n[1] + int(b[1]);"
        )
        self.assertEqual(client.run(program, 1, inputs={"b": "10", "n": [3, 4]}).outputs, {"sum": {"8": 1}})

    def test_memory_keeps_every_shot(self):
        result = client.run(BELL, 20, 5, memory=True)
        self.assertEqual(len(result.memory), 20)
        self.assertEqual({bits: result.memory.count(bits) for bits in result.counts}, result.counts)

    def test_observables_give_expectation_values_in_their_order(self):
        pair = 'include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1];'
        values = client.run(pair, observables=["ZZ", {"XX": 0.5, "YY": 0.5}]).expectation_values
        self.assertEqual([value.name for value in values], ["ZZ", ""])
        self.assertAlmostEqual(values[0].value, 1)
        self.assertAlmostEqual(values[1].value, 0)

    def test_a_hybrid_program_gives_its_energy_and_what_it_returned(self):
        program = server.ROOT / "examples" / "vqe_h2" / "program.eigen.py"
        result = client.run(program, seed=7)
        self.assertAlmostEqual(result.optimization["value"], -1.1373060, 6)
        self.assertTrue(result.optimization["exact"])
        self.assertEqual(result.returned["energy"], result.optimization["value"])
        self.assertEqual((sum(result.counts.values()), result.shots), (1024, 1024))
        self.assertIn("energy = -1.13730", result._repr_html_())
        sampled = client.run(program, shots=100, seed=7).optimization
        self.assertFalse(sampled["exact"])
        self.assertGreater(sampled["std_error"], 0)

    def test_a_wrong_program_is_shown_with_its_findings(self):
        with self.assertRaises(qfs.QfsError) as caught:
            client.submit([BELL, "qubit q;\nhh q;"])
        error = caught.exception
        self.assertEqual((error.code, error.status, error.retryable), ("QASM_SEMANTIC", 400, False))
        self.assertEqual((error.diagnostics[0]["line"], error.diagnostics[0]["code"]), (2, "QASM_UNDECLARED"))
        self.assertIn("2 | hh q;\n  | ^^", str(error))
        self.assertTrue(error.request_id)

    def test_programs_are_checked_and_drawn(self):
        answer = client.validate(BELL)
        self.assertTrue(answer["valid"] and answer["executable"])
        self.assertEqual(answer["metrics"]["qubits"], 2)
        self.assertEqual(client.validate("hh q;")["reason"], "QASM_SEMANTIC")
        self.assertTrue(client.validate("hh q;", level="syntax")["valid"])
        self.assertIn("┤ H ├──■──", client.draw(BELL))
        self.assertTrue(client.draw(BELL, ascii=True, fold=60).isascii())
        self.assertTrue(client.draw(BELL, "svg").startswith("<svg"))
        with self.assertRaisesRegex(qfs.QfsError, r"1 \| hh q;"):
            client.draw("hh q;")

    def test_notebooks_show_the_circuit_and_a_histogram(self):
        job = client.submit([BELL, BELL], 100, 7)
        for results in (job.results(), client.job(job.id).results()):
            shown = results._repr_html_()
            self.assertEqual(shown.count("data:image/svg+xml"), 2)
            self.assertEqual(shown.count("<title>Counts</title>"), 2)
            self.assertIn(job.id, shown)
        gone = qfs.Job(qfs.Client("http://127.0.0.1:1"), job.info)
        self.assertNotIn("<img", qfs.Result(gone, 0, 0, job_fields(job))._repr_html_())


def job_fields(job):
    return json.loads(job.artifact("results.json"))["items"][0]["results"][0]


class Jobs(unittest.TestCase):
    def test_a_job_is_followed_to_its_end_and_from_anywhere(self):
        job = client.submit(BELL, 10)
        updates = list(job.events())
        self.assertEqual([update["event_seq"] for update in updates], list(range(1, len(updates) + 1)))
        self.assertEqual((updates[0]["state"], updates[-1]["state"], job.state), ("PENDING", "DONE", "DONE"))
        self.assertEqual(list(job.events(after=2)), updates[2:])
        self.assertEqual(list(job.events(after=len(updates))), [])
        self.assertEqual(repr(job), f"Job('{job.id}', DONE)")

    def test_a_job_is_found_again(self):
        jobs = [client.submit(BELL, 1).wait() for _ in range(3)]
        ids = [job.id for job in reversed(jobs)]
        self.assertEqual([job.id for job in client.jobs(limit=3)], ids)
        self.assertEqual([job.id for job in client.jobs("DONE", limit=2)], ids[:2])
        self.assertEqual(list(client.jobs(["ERROR", "TIMEOUT"], limit=0)), [])
        self.assertEqual(client.job(ids[0]).result().counts, jobs[-1].result().counts)
        with self.assertRaisesRegex(qfs.QfsError, "JOB_NOT_FOUND"):
            client.job("job_nothing")

    def test_pages_follow_each_other(self):
        for _ in range(3):
            client.submit(BELL, 1)
        page, qfs._JOBS_PAGE = qfs._JOBS_PAGE, 2
        self.addCleanup(setattr, qfs, "_JOBS_PAGE", page)
        ids = [job.id for job in client.jobs(limit=3)]
        self.assertEqual(len(set(ids)), 3)
        self.assertGreater(len(list(client.jobs(limit=None))), 3)

    def test_artifacts_and_receipt_are_bytes(self):
        job = client.submit(BELL, 10).wait()
        artifacts = {artifact["name"]: artifact for artifact in job.artifacts()}
        for name in ("program.qasm", "compiled.qasm", "results.json"):
            data = job.artifact(name)
            self.assertEqual(artifacts[name]["hash"], f"sha256:{hashlib.sha256(data).hexdigest()}")
            self.assertEqual(artifacts[name]["size"], len(data))
        self.assertIn(job.id, job.receipt().decode())
        with self.assertRaisesRegex(qfs.QfsError, "ARTIFACT_NOT_FOUND"):
            job.artifact("nothing")

    def test_a_job_is_cancelled_and_says_so(self):
        job = client.submit(LONG, 1_000_000)
        with self.assertRaises(qfs.WaitTimeout):
            job.wait(0)
        self.assertIn(job.cancel(), ("cancelled", "requested"))
        with self.assertRaises(qfs.QfsError) as caught:
            job.result(60)
        self.assertEqual((caught.exception.code, job.state), ("CANCELLED", "CANCELLED"))
        self.assertEqual(job.cancel(), "cancelled")

    def test_a_deleted_job_is_gone_for_ever(self):
        job = client.submit(BELL, 1).wait()
        job.delete()
        job.delete()
        with self.assertRaisesRegex(qfs.QfsError, "JOB_DELETED"):
            client.job(job.id)

    def test_the_same_key_is_the_same_job_and_never_another(self):
        first = client.submit(BELL, 1, idempotency_key="python-1")
        self.assertEqual(client.submit(BELL, 1, idempotency_key="python-1").id, first.id)
        with self.assertRaisesRegex(qfs.QfsError, "IDEMPOTENCY_MISMATCH"):
            client.submit(BELL, 2, idempotency_key="python-1")

    def test_waits_and_streams_outlive_a_restart_of_the_server(self):
        patient = qfs.Client(running.url, retries=40, backoff=0.05)
        job = patient.submit(LASTING, 1, 7)
        seen = []
        follower = threading.Thread(target=lambda: seen.extend(job.events()), daemon=True)
        follower.start()
        restart = threading.Thread(target=running.restart)
        restart.start()
        self.assertEqual(patient.job(job.id).result(120).seed, 7)
        restart.join()
        follower.join(60)
        numbers = [update["event_seq"] for update in seen]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(seen[-1]["state"], "DONE")

    def test_a_job_waits_for_others_and_says_why_it_is_where_it_is(self):
        first = client.submit(BELL, 10)
        second = client.submit(BELL, 10, dependencies=[first])
        second.result(60)
        self.assertEqual(first.state, "DONE")
        self.assertEqual(second.rationale()["job_id"], second.id)
        with self.assertRaises(qfs.QfsError) as caught:
            client.submit(BELL, 10, dependencies=["job_nothing"])
        self.assertEqual(caught.exception.retryable, False)

    def test_devices_are_listed_and_the_caller_is_named(self):
        self.assertIn("sim:local", [device["device_id"] for device in client.devices()])
        self.assertEqual(client.device("sim:local")["device_id"], "sim:local")
        self.assertIn("subject", client.identity())


class Awaited(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = qfs.AsyncClient(running.url)

    async def test_many_jobs_are_awaited_together(self):
        jobs = await asyncio.gather(*(self.client.submit(BELL, 10, seed) for seed in range(20)))
        results = await asyncio.gather(*jobs)
        self.assertEqual([result.seed for result in results], list(range(20)))
        self.assertEqual((await client.submit(BELL, 10, 4)).counts, results[4].counts)
        self.assertEqual((await (await self.client.job(jobs[3].id)).results())[0].counts, results[3].counts)

    async def test_every_method_has_its_twin(self):
        self.assertEqual(sum((await self.client.run(BELL, 10)).counts.values()), 10)
        self.assertEqual(len(await self.client.run([BELL, BELL], 10, timeout=60)), 2)
        self.assertEqual((await (await self.client.submit_items([{"program": BELL}], 7))).shots, 1024)
        self.assertEqual(len(await self.client.run(ROTATION, 10, parameters={"a": [0, 1, 2]})), 3)
        self.assertTrue((await self.client.validate(BELL))["valid"])
        self.assertIn("■", await self.client.draw(BELL))
        self.assertTrue(await self.client.devices())
        self.assertTrue(await self.client.device("sim:local"))
        self.assertTrue(await self.client.identity())
        job = (await self.client.jobs(limit=1))[0]
        self.assertEqual((await (await job.refresh()).wait(60)).info["state"], "DONE")
        self.assertTrue(await job.artifacts())
        self.assertTrue(await job.rationale())
        self.assertTrue(await job.artifact("results.json"))
        self.assertTrue(await job.receipt())
        await job.delete()
        for kind, twin in ((qfs.Client, qfs.AsyncClient), (qfs.Job, qfs.AsyncJob)):
            public = {name for name in vars(kind) if not name.startswith("_")}
            self.assertEqual(public - set(vars(twin)) - {"state", "done"}, set())

    async def test_a_cancelled_await_leaves_the_job_alone(self):
        job = await self.client.submit(LONG, 1_000_000)

        async def follow():
            async for _ in job.events():
                pass

        for waiting in (job.result(), follow()):
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(waiting, 0.3)
        self.assertNotIn((await job.refresh()).info["state"], qfs.TERMINAL_STATES)
        with self.assertRaises(qfs.WaitTimeout):
            await job.wait(0)
        await job.cancel()
        self.assertEqual((await job.wait(60)).info["state"], "CANCELLED")


if __name__ == "__main__":
    unittest.main()
