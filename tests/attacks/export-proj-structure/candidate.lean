import Lean
open Lean Elab Term

elab "first! " h:term : term => return .proj ``And 0 (← elabTerm h none)
theorem t (p q : Prop) (h : p ∧ q) : p := first! h
