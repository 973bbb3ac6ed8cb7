from eigen_lang import Ansatz, ExpectationValue, Observable, QubitRegister, hybrid_program, minimize


@hybrid_program(optimization_level=1)
def main():
    q = QubitRegister(3)
    cost = Observable.from_terms([(0.5, "IZZ"), (0.5, "ZZI"), (-1.0, "III")])
    mixer = Ansatz("qaoa", q, reps=2, prefix="angle", init=0.25, cost=cost)
    optimum = minimize(ExpectationValue(mixer, cost), optimizer="nelder_mead", tol=1e-3)
    return [optimum.fun, optimum.x, optimum.metadata, cost.terms]
