@[simp] theorem helper (a : Nat) : a + 0 = a := rfl
theorem t : False := by simp
