set_option maxHeartbeats 0
set_option maxRecDepth 100000
theorem t : (List.range 300).foldl (· + ·) 0 = 44851 := by decide
