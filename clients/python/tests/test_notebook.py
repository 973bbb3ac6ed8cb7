"""The notebook of the client, cell by cell as a notebook runs them, against a real server."""

import ast
import asyncio
import inspect
import json
import math
import os
import unittest
from unittest import mock

import server
import qfs

NOTEBOOK = server.ROOT / "clients" / "python" / "example.ipynb"


def setUpModule():
    global running
    running = server.Server()
    unittest.addModuleCleanup(running.stop)


async def shown(source, names):
    """Runs a cell, which may await, and gives the value of the expression that it ends with."""
    *body, last = ast.parse(source).body
    for tree, mode in ((ast.Module(body, []), "exec"), (ast.Expression(last.value), "eval")):
        value = eval(compile(tree, str(NOTEBOOK), mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
        if inspect.iscoroutine(value):
            value = await value
    return value


class Notebook(unittest.TestCase):
    def test_every_cell_runs_and_shows_what_it_should(self):
        notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
        cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]

        async def run():
            names = {"print": lambda *_: None}
            return [await shown(cell, names) for cell in cells]

        with mock.patch.dict(os.environ, {"QFS_URL": running.url}):
            bell, populations, energies, _, drawing = asyncio.run(run())
            picture = bell._repr_html_()
        self.assertEqual(bell.counts, {"00": 498, "11": 502})
        self.assertIn("data:image/svg+xml", picture)
        self.assertIn("<title>Counts</title>", picture)
        self.assertEqual((populations[0], populations[-1]), (0, 1))
        self.assertEqual(populations, sorted(populations))
        for step, energy in enumerate(energies):
            self.assertAlmostEqual(energy, 1 + 0.5 * math.sin(math.pi * step / 8), delta=0.1)
        self.assertIsInstance(drawing, qfs.Drawing)

    def test_it_is_kept_without_outputs(self):
        notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            self.assertEqual((cell.get("outputs", []), cell.get("execution_count")), ([], None))


if __name__ == "__main__":
    unittest.main()
