// A gambler starts with 2 and stakes 1 on a fair coin until nothing or 6 is left: ruin has probability 2/3, and the
// game takes 2 · (6 − 2) = 8 throws on average.
OPENQASM 3.0;
include "stdgates.inc";

def coin(qubit q) -> bit {
  reset q;
  h q;
  return measure q;
}

qubit q;
output int[8] wealth;
output uint throws;

wealth = 2;
while (wealth > 0 && wealth < 6) {
  if (coin(q)) wealth += 1;
  else wealth -= 1;
  throws += 1;
}
