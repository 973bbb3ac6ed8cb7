"""The unitary of every gate of qelib1.inc, expanded from the file's own definitions down to U and CX."""

import json
import pathlib

import qiskit
from qiskit import qasm2
from qiskit.quantum_info import Operator

from exports import FOLDER

LIBRARY = pathlib.Path(qiskit.__file__).parent / "qasm" / "libs" / "qelib1.inc"
ANGLES = [0.3, -1.1, 2.5, 0.7]


def expanded(circuit):
    """Gates of the included file are circuits of U and CX; nothing of the tool's own gates takes part."""
    while any(item.operation.name not in ("U", "CX", "u", "cx") for item in circuit.data):
        circuit = circuit.decompose()
    return circuit


gates = {}
text = LIBRARY.read_text()
for line in text.splitlines():
    if not line.startswith("gate "):
        continue
    head = line[5:].split("{")[0].strip()
    name = head.split("(")[0].split(" ")[0]
    parameters = len(head[head.index("(") + 1 : head.index(")")].split(",")) if "(" in head else 0
    qubits = len(head.split(")")[-1].replace(name, "", 0 if "(" in head else 1).split(","))
    call = f"{name}({','.join(map(str, ANGLES[:parameters]))})" if parameters else name
    operands = ",".join(f"q[{k}]" for k in range(qubits))
    # The definitions stand in the program itself, so that the tool expands them.
    source = f"OPENQASM 2.0;\n{text}\nqreg q[{qubits}];\n{call} {operands};\n"
    circuit = qasm2.loads(source)
    matrix = Operator(expanded(circuit)).reverse_qargs().data
    gates[name] = {
        "parameters": ANGLES[:parameters],
        "qubits": qubits,
        "matrix": [[round(float(x), 15) for value in row for x in (value.real, value.imag)] for row in matrix],
    }

document = {"source": f"qelib1.inc of Qiskit {qiskit.__version__}", "gates": gates}
(FOLDER / "qelib1.json").write_text(json.dumps(document, sort_keys=True) + "\n")
print(len(gates), "gates")
