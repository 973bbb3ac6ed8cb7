# EIGEN_FORBIDDEN 6:5 Beside the program stand imports and constants alone.
from eigen_lang import h, hybrid_program



def helper():
    h(0)


@hybrid_program
def main():
    helper()
