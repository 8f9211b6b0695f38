theorem t : ∃ b : Bool, b = Lean.reduceBool System.Platform.isWindows := ⟨false, rfl⟩
