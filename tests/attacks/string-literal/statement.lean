theorem t : "\u00e9" = "e\u0301" := sorry
