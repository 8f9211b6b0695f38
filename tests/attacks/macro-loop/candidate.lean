syntax "again" : term
macro_rules | `(again) => `(again)
theorem t : False := again
