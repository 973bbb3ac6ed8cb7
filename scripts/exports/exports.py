"""What the scripts share: names of files, keys of counts, and the JSON beside the programs."""

import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "conformance" / "exports"
DECLARATION = re.compile(r"^\s*(?:output\s+)?(?:creg\s+(\w+)\[(\d+)\]|bit\[(\d+)\]\s+(\w+)|bit\s+(\w+))\s*(?:=[^;]*)?;", re.M)


def registers(source):
    """Names, sizes and looseness of the classical registers of a program, in order of declaration."""
    found = []
    for old, old_size, size, name, loose in DECLARATION.findall(source):
        if loose:
            found.append((loose, 1, True))
        else:
            found.append((old or name, int(old_size or size), False))
    return found


def key_of(source, values):
    """The key of counts for the bits of each register, bit 0 first: by name, or in order of declaration."""
    if isinstance(values, list):
        values = {name: bits for (name, _, _), bits in zip(registers(source), values)}
    groups = []
    was_loose = False
    for name, size, loose in registers(source):
        bits = values.get(name, [0] * size)
        if loose and was_loose:
            groups[-1] += bits
        else:
            groups.append(list(bits))
        was_loose = loose
    return " ".join("".join(str(bit) for bit in reversed(group)) for group in reversed(groups))


class Exports:
    """The programs of one tool, with the probability of every key."""

    def __init__(self, tool, version):
        self.folder = FOLDER / tool
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.qasm"):
            old.unlink()
        self.document = {"tool": tool, "version": version, "programs": {}}

    def add(self, name, source, outcomes=None, **fields):
        """`outcomes` are pairs of a probability and the values of the registers."""
        (self.folder / f"{name}.qasm").write_text(source if source.endswith("\n") else source + "\n")
        row = dict(fields)
        if outcomes is not None:
            probabilities = {}
            for probability, values in outcomes:
                if probability > 1e-12:
                    key = key_of(source, values)
                    probabilities[key] = probabilities.get(key, 0) + probability
            row["probabilities"] = {key: round(value, 12) for key, value in sorted(probabilities.items())}
        self.document["programs"][name] = row

    def write(self):
        text = json.dumps(self.document, indent=1, sort_keys=True, ensure_ascii=False)
        (self.folder / "expected.json").write_text(text + "\n")
        print(self.document["tool"], len(self.document["programs"]), "programs")


def state_outcomes(probabilities, names):
    """Outcomes of measuring all qubits; `names[k]` says the register and bit of the k-th most significant qubit."""
    sizes = {}
    for register, bit in names:
        sizes[register] = max(sizes.get(register, 0), bit + 1)
    for index, probability in enumerate(probabilities):
        values = {register: [0] * size for register, size in sizes.items()}
        for position, (register, bit) in enumerate(names):
            values[register][bit] = (index >> (len(names) - 1 - position)) & 1
        yield float(probability), values
