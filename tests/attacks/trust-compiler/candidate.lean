theorem t : True := Lean.trustCompiler
