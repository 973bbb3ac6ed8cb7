"""Everything that is known when the program is read."""

from eigen_lang import QubitRegister, cz, h, hybrid_program, pi, rz, t, x

SIZE = 2 ** 2 - 1
EDGES = [(0, 1), (1, 2)]
WEIGHTS = {"first": 0.5, "second": -1.5e-1}


@hybrid_program(shots=10, metadata={"edges": 2})
def main():
    q = QubitRegister(SIZE)
    for k in range(q.size):
        if k % 2 == 0 and not k == 2:
            h(q[k])
        elif k >= 2:
            x(q[k])
        else:
            t(q[k])
    for edge in EDGES:
        cz(q[edge[0]], q[edge[1]])
    for k in range(2, -1, -2):
        rz(q[k], pi / 4 * (k + 1) // 1 + WEIGHTS["second"])
    return {"qubits": q.size, "edges": EDGES, "none": None}
