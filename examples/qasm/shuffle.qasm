// Shuffles four numbers with measured coins (Fisher and Yates) and sorts them again by swapping neighbours. Every shot
// ends with sorted = {1, 2, 3, 4}. The number of swaps is the number of inversions of a random permutation: 0 to 6 with
// probabilities 1, 3, 5, 6, 5, 3, 1 of 24.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 4;

// A uniform number from 0 to limit - 1: two coins, thrown again while the number they show is too large.
def number_below(uint limit, qubit[2] coins) -> uint {
  uint number = limit;
  while (number >= limit) {
    reset coins;
    h coins;
    bit[2] faces = measure coins;
    number = uint(faces);
  }
  return number;
}

def exchange(mutable array[int[8], n] a, uint i, uint j) {
  int[8] kept = a[i];
  a[i] = a[j];
  a[j] = kept;
}

def shuffle(mutable array[int[8], n] a, qubit[2] coins) {
  for uint last in [n - 1:-1:1] {
    exchange(a, last, number_below(last + 1, coins));
  }
}

def sort(mutable array[int[8], n] a) -> uint {
  uint exchanges = 0;
  bool changed = true;
  while (changed) {
    changed = false;
    for uint i in [0:n - 2] {
      if (a[i] <= a[i + 1]) continue;
      exchange(a, i, i + 1);
      exchanges += 1;
      changed = true;
    }
  }
  return exchanges;
}

qubit[2] coins;
output array[int[8], n] sorted;
output uint swaps;
output bit[2] end_of_the_line;

for uint i in [0:n - 1] sorted[i] = i + 1;
shuffle(sorted, coins);
swaps = sort(sorted);

// The two permutations at the ends: sorted already, and the other way round.
switch (swaps) {
  case 0 { end_of_the_line = "01"; }
  case n * (n - 1) / 2 { end_of_the_line = "10"; }
  default { end_of_the_line = "00"; }
}
