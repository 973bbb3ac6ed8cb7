from eigen_lang import ExpectationValue, Observable, Param, cnot, hybrid_program, minimize, rx, ry, rz


@hybrid_program(shots=1000)
def main():
    theta = Param("theta", 0.05)
    ry(0, theta)
    cnot(0, 1)
    rx(1, 1.570796)
    rz(0, 2 * theta - 0.5)
    energy = ExpectationValue("ansatz", Observable(Z=0, X=1))
    optimum = minimize(energy, [0.05], max_iters=20)
    return {"energy": optimum.fun}
