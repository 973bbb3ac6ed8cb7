"""What becomes of programs, parameters and observables before they are sent, and how findings are shown."""

import ast
import pathlib
import pickle
import subprocess
import sys
import tempfile
import unittest

import server
import qfs


class Circuit:
    """Has the module of a cirq circuit, as far as qfs looks."""

    __module__ = "cirq.circuits.circuit"

    def to_qasm(self):
        return "OPENQASM 2.0;"


class Named:
    def __init__(self, name):
        self.name = name


class Column:
    """An array, as numpy has it."""

    def __init__(self, *values):
        self._values = list(values)

    def tolist(self):
        return self._values


class Programs(unittest.TestCase):
    def test_text_paths_and_circuits_are_programs(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a.qasm")
            path.write_text("qubit ψ;", encoding="utf-8")
            sources = [qfs._source(program) for program in qfs._programs((path, "qubit q;", Circuit()))]
            self.assertEqual(sources, ["qubit ψ;", "qubit q;", "OPENQASM 2.0;"])

    def test_anything_else_is_refused_by_name(self):
        for wrong in (7, None, b"qubit q;", {"qubit": 1}):
            with self.assertRaisesRegex(TypeError, type(wrong).__name__):
                qfs._source(wrong)
        with self.assertRaisesRegex(ValueError, "at least one"):
            qfs._programs([])

    def test_the_language_follows_from_the_text(self):
        for source, language in [
            ("OPENQASM 2.0;\nqreg q[1];", "openqasm2"),
            ("// OPENQASM 3\n/* a * b **/ OPENQASM  2;", "openqasm2"),
            ("OPENQASM 3.0;", "openqasm3"),
            ("// OPENQASM 2.0;\nqubit q;", "openqasm3"),
            ("OPENQASM 21;", "openqasm3"),
            ("", "openqasm3"),
            (' {"version": "1.0.0"}', "aqo"),
        ]:
            self.assertEqual(qfs._language(source), language, source)

    def test_no_text_takes_long_to_tell(self):
        # Reading a comment in more than one way would take longer than anybody waits.
        for part in ("/* */ ", "/***/", "// \n", " ", "/*", "/"):
            self.assertEqual(qfs._language(part * 100_000), "openqasm3")

    def test_importing_qfs_imports_the_standard_library_alone(self):
        code = f"import runpy; runpy.run_path({qfs.__file__!r})"
        # Isolated, and without the folder of installed packages.
        subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, timeout=60)

    def test_the_files_read_as_python_3_9(self):
        for name in ("qfs.py", "qfs_qiskit.py"):
            source = pathlib.Path(qfs.__file__).with_name(name).read_text(encoding="utf-8")
            ast.parse(source, feature_version=(3, 9))
            self.assertLessEqual(max(map(len, source.split("\n"))), 110)


class Parameters(unittest.TestCase):
    def test_numbers_are_one_set_and_lists_one_for_each_element(self):
        for given, sets in [
            (None, None),
            ({"a": 1}, [{"a": 1}]),
            ({"a": [1, 2], "b": 3}, [{"a": 1, "b": 3}, {"a": 2, "b": 3}]),
            ([{"a": 1}, {"a": 2.5}], [{"a": 1}, {"a": 2.5}]),
            ({Named("θ"): Column(1, 2), Named("p[0]"): 0}, [{"θ": 1, "_p_0_": 0}, {"θ": 2, "_p_0_": 0}]),
        ]:
            self.assertEqual(qfs._parameter_sets(given), sets)
        self.assertTrue(qfs._is_single("", {"a": 1}))
        self.assertFalse(qfs._is_single("", {"a": [1]}))
        self.assertFalse(qfs._is_single("", [{"a": 1}]))
        self.assertFalse(qfs._is_single([""], None))

    def test_lists_of_different_lengths_and_what_is_no_number_are_refused(self):
        with self.assertRaisesRegex(ValueError, "one length.*'a': 2.*'b': 1"):
            qfs._parameter_sets({"a": [1, 2], "b": [1]})
        for wrong in (True, "1", None, float("nan"), float("inf"), 1j):
            with self.assertRaisesRegex(ValueError, "'a' must be a finite number"):
                qfs._parameter_sets({"a": wrong})

    def test_observables_are_text_dicts_or_sums(self):
        class Sum:
            def to_list(self):
                return [("ZI", 1 + 0j), ("XX", -0.5)]

        half = {"terms": [{"coefficient": 0.5, "paulis": "XX"}]}
        self.assertEqual(
            qfs._observables("ZZ"), [{"name": "ZZ", "terms": [{"coefficient": 1, "paulis": "ZZ"}]}]
        )
        self.assertEqual(qfs._observables([{"XX": 0.5}, half]), [half, half])
        terms = [{"coefficient": 1.0, "paulis": "ZI"}, {"coefficient": -0.5, "paulis": "XX"}]
        self.assertEqual(qfs._observables(Sum()), [{"terms": terms}])
        with self.assertRaisesRegex(ValueError, "real number"):
            qfs._observables({"X": 1j})
        with self.assertRaisesRegex(TypeError, "int"):
            qfs._observables([7])


class Errors(unittest.TestCase):
    def error(self, source, **finding):
        finding = {"code": "QASM_X", "severity": "error", "message": "No.", "line": 1, **finding}
        error = qfs.QfsError("QASM_SYNTAX", "It does not parse.", diagnostics=[finding], request_id="req_7")
        error.source = source
        return str(error)

    def test_a_finding_is_underlined_in_the_source(self):
        shown = self.error("qubit q;\n\thh q;", line=2, column=2, end_line=2, end_column=4, hint="h?")
        self.assertEqual(
            shown,
            "QASM_SYNTAX: It does not parse.\n\nerror[QASM_X]: No.\n --> line 2, column 2\n  |\n"
            "2 |  hh q;\n  |  ^^\n  = help: h?\n\n(request req_7)",
        )

    def test_a_long_line_is_cut_around_the_finding(self):
        shown = self.error("x" * 500 + "!" + "y" * 500, column=501, end_line=1, end_column=502).split("\n")
        self.assertEqual(shown[5][shown[6].index("^")], "!")
        self.assertLess(max(map(len, shown)), 200)

    def test_places_outside_of_the_source_and_control_characters_do_no_harm(self):
        for place in ({"line": 9, "column": 9}, {"column": 99, "end_line": 3, "end_column": 1}, {}):
            self.assertIn("No.", self.error("a\x1b[31mb", **place))
            self.assertNotIn("\x1b", self.error("a\x1b[31mb", message="\x1b", **place))
        self.assertNotIn("|", self.error("", column=1))

    def test_at_most_ten_findings_are_shown(self):
        error = qfs.QfsError("A", "b", diagnostics=[{"line": 1, "column": 1}] * 12)
        self.assertIn("and 2 more", str(error))

    def test_errors_travel_between_processes(self):
        error = pickle.loads(pickle.dumps(qfs.QfsError("A", "b", status=404, retryable=True)))
        self.assertEqual((error.code, error.message, error.status, error.retryable), ("A", "b", 404, True))
        self.assertTrue(issubclass(qfs.WaitTimeout, TimeoutError))
        self.assertEqual(str(qfs.WaitTimeout("WAIT_TIMEOUT", "late")), "WAIT_TIMEOUT: late")


class Pictures(unittest.TestCase):
    def test_labels_are_escaped_and_long_histograms_end_in_a_bar_for_the_rest(self):
        self.assertIn("&lt;script&gt;", qfs._histogram({"<script>": 1}))
        many = qfs._histogram({f"{number:08b}": number + 1 for number in range(200)})
        self.assertEqual(many.count("<rect"), qfs._BARS_MAX)
        self.assertIn("169 others", many)
        self.assertEqual(qfs._histogram({}), "")
        self.assertIn("…", qfs._histogram({"0" * 100: 0}))

    def test_a_drawing_cannot_run_anything(self):
        picture = qfs.Drawing("<svg><script>alert(1)</script></svg>")._repr_html_()
        self.assertNotIn("script", picture)
        self.assertIn("data:image/svg+xml;base64,", picture)
        self.assertIn("&lt;b&gt;", qfs.Drawing("<b>")._repr_html_())


if __name__ == "__main__":
    unittest.main()
