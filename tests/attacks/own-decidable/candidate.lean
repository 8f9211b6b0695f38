set_option debug.skipKernelTC true
@[irreducible] instance lies (p : Prop) [h : Decidable p] : Decidable p := h
theorem t : 3 < 2 := by decide +kernel
