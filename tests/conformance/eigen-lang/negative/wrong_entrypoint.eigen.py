# EIGEN_MEANING 7:5 The program has no entry.
from eigen_lang import h, hybrid_program


# The decorator is missing.

def main():
    h(0)
