def f (n : Nat) : Nat := n
