"""The largest cut of a graph, by QAOA with two layers."""

from eigen_lang import (
    ExpectationValue,
    Observable,
    Param,
    QubitRegister,
    cnot,
    h,
    hybrid_program,
    minimize,
    rx,
    rz,
)

# A prism: two triangles, and an edge from each corner to its counterpart. Seven of nine edges can be cut.
NODES = 6
EDGES = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (0, 3), (1, 4), (2, 5)]

# Minus the number of edges that are cut: a pair of nodes on different sides counts -1, on one side 0.
MINUS_CUT = [
    (-4.5, "IIIIII"),
    (0.5, "IIIIZZ"),
    (0.5, "IIIZZI"),
    (0.5, "IIIZIZ"),
    (0.5, "IZZIII"),
    (0.5, "ZZIIII"),
    (0.5, "ZIZIII"),
    (0.5, "IIZIIZ"),
    (0.5, "IZIIZI"),
    (0.5, "ZIIZII"),
]


@hybrid_program(shots=4096, seed=7, metadata={"unit": "edges"})
def maxcut():
    """Each layer turns the phase by what is cut, and mixes."""
    q = QubitRegister(NODES)
    gammas = [Param("gamma_1", 0.5), Param("gamma_2", 0.9)]
    betas = [Param("beta_1", 0.6), Param("beta_2", 0.3)]

    for node in q:
        h(node)
    for layer in range(2):
        for edge in EDGES:
            cnot(q[edge[0]], q[edge[1]])
            rz(q[edge[1]], -gammas[layer])
            cnot(q[edge[0]], q[edge[1]])
        for node in q:
            rx(node, 2 * betas[layer])

    cut = ExpectationValue("cut", Observable.from_terms(MINUS_CUT))
    optimum = minimize(cut, method="COBYLA", max_iters=200)

    return {"minus_cut": optimum.fun, "parameters": optimum.x}
