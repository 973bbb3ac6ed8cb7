# EIGEN_UNSUPPORTED 7:12 load_dataset:
from eigen_lang import h, hybrid_program, load_dataset


@hybrid_program
def main():
    data = load_dataset("qfs://a", format="parquet")
    h(0)
