from eigen_lang import QubitRegister, cx, h, hybrid_program


@hybrid_program
def main():
    q = QubitRegister(2)
    h(q[0])
    cx(q[0], q[1])
