from eigen_lang import ClassicalRegister, QubitRegister, allocate_qubits, ccx, h, hybrid_program, measure, reset, s, swap


@hybrid_program(seed=11)
def main():
    a = allocate_qubits(2)
    b = QubitRegister(2)
    bits = ClassicalRegister(3)
    more = ClassicalRegister(2)
    h(a[0])
    s(a[0])
    ccx(a[0], a[1], b[-1])
    swap(b[0], 3)
    measure(a, c=[bits[2], more[0]])
    measure(b[0], basis="X", c=bits[0])
    reset(a, b[1])
    measure(b[1], basis="Y", c=[1])
