theorem t : (List.range 300).foldl (· + ·) 0 = 44851 := sorry
