from eigen_lang import Param, cnot, hybrid_program, rx, ry, rz


@hybrid_program
def main():
    """Angles are parameters alone: AQO 1.0.0 has words for all of it."""
    unused = Param("unused")
    phi = Param("phi")
    lam = Param("lambda", -0.25)
    c = Param("c")
    rx(0, phi)
    ry(1, lam)
    rz(1, c)
    cnot(1, 0)
    rx(1, 0.5)
