instance (p : Prop) : Inhabited (PLift p) := ⟨⟨by admit⟩⟩
theorem t (p : Prop) (h : ¬¬p) : ¬p := (default : PLift (¬p)).down
