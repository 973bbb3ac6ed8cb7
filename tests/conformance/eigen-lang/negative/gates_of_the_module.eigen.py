# EIGEN_FORBIDDEN 4:1 Beside the program stand imports and constants alone.
from eigen_lang import h, hybrid_program

h(0)


@hybrid_program
def main():
    h(0)
