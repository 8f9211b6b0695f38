import MathLM.Prelude.Tactics

/-! Smaller tactics of Mathlib, and names that files use; see `Tactics.lean` for how lists are handled. -/

macro "Type*" : term => `(Type _)
macro "Sort*" : term => `(Sort _)

syntax "∑ " "(" ident " : " term ")" ", " term:67 : term
syntax "∏ " "(" ident " : " term ")" ", " term:67 : term
macro_rules
  | `(∑ ($x:ident : $t), $b) => `(∑ $x:ident : $t, $b)
  | `(∏ ($x:ident : $t), $b) => `(∏ $x:ident : $t, $b)

section
open Lean

macro "existsi " e:term : tactic => `(tactic| refine ⟨$e, ?_⟩)
macro "triv" : tactic => `(tactic| trivial)
macro "itauto" : tactic => `(tactic| tauto)
macro "abel" : tactic => `(tactic| first
  | ring1
  | fail "abel: the two sides are not equal as sums")
macro "bound" : tactic => `(tactic| first
  | positivity
  | gcongr
  | linarith
  | fail "bound: neither positivity nor gcongr nor linarith proves the goal")
syntax (name := relTactic) "rel " "[" term,* "]" : tactic
@[macro relTactic] def expandRel : Macro := fun stx => do
  let terms := stx.getArg 2
  let last ← `(tactic| gcongr)
  haveAll terms last ((terms.getNumArgs + 1) / 2)
syntax "congr!" (ppSpace num)? : tactic
macro_rules
  | `(tactic| congr!) => `(tactic| congr)
  | `(tactic| congr! $n:num) => `(tactic| congr $n:num)
macro "lift " x:ident " to " "ℕ" " using " h:term : tactic => do
  let same := mkIdent `rfl -- written as `rfl` below it would be a fresh name
  `(tactic| obtain ⟨$x:ident, $same:ident⟩ := Int.eq_ofNat_of_zero_le $h)
macro "choose " f:ident hf:ident " using " h:term : tactic =>
  `(tactic| obtain ⟨$f:ident, $hf:ident⟩ := Classical.skolem.1 $h)
macro "apply_fun " f:term " at " h:ident : tactic =>
  `(tactic| (replace $h:ident := congrArg $f $h; try dsimp only at $h:ident))

/-- `set x := e with h`: puts `x` for `e` everywhere, with `h : x = e`. -/
syntax "set " ident (" : " term)? " := " term (" with " ident)? : tactic
macro_rules
  | `(tactic| set $x:ident := $e) => `(tactic| set $x:ident := $e with h_set)
  | `(tactic| set $x:ident : $t := $e) => `(tactic| set $x:ident := ($e : $t) with h_set)
  | `(tactic| set $x:ident := $e with $h:ident) => `(tactic| (generalize $h:ident : $e = $x at *; replace $h:ident := Eq.symm $h))
  | `(tactic| set $x:ident : $t := $e with $h:ident) => `(tactic| set $x:ident := ($e : $t) with $h:ident)

/-- `convert e`: the goal and the type of `e` are compared part by part; what differs is left to show. -/
syntax "convert " term (" using " num)? : tactic
macro_rules
  | `(tactic| convert $e:term) => `(tactic| first
    | exact $e
    | (refine Eq.mpr ?_ $e; congr <;> try first | rfl | assumption))
  | `(tactic| convert $e:term using $n:num) => `(tactic| first
    | exact $e
    | (refine Eq.mpr ?_ $e; congr $n:num <;> try first | rfl | assumption))

/-- Rewriting under binders. -/
syntax (name := simpRw) "simp_rw"
  (" [" (Parser.Tactic.simpStar <|> Parser.Tactic.simpErase <|> Parser.Tactic.simpLemma),* "]")?
  (Parser.Tactic.location)? : tactic
@[macro simpRw] def expandSimpRw : Macro := fun stx => do
  let t ← `(tactic| simp only [Nat.factorial])
  return (t.withPart 4 (stx.getArg 1)).withPart 5 (stx.getArg 2)

/-- Rewrites the `n`-th place only. -/
syntax (name := nthRewrite) "nth_rewrite " num Parser.Tactic.rwRuleSeq (Parser.Tactic.location)? : tactic
@[macro nthRewrite] def expandNthRewrite : Macro := fun stx => do
  let n : TSyntax `num := ⟨stx.getArg 1⟩
  let t ← `(tactic| rewrite (occs := .pos [$n]) [Nat.add_comm])
  return (t.withPart 2 (stx.getArg 2)).withPart 3 (stx.getArg 3)
syntax (name := nthRw) "nth_rw " num Parser.Tactic.rwRuleSeq (Parser.Tactic.location)? : tactic
@[macro nthRw] def expandNthRw : Macro := fun stx => do
  let n : TSyntax `num := ⟨stx.getArg 1⟩
  let t ← `(tactic| rewrite (occs := .pos [$n]) [Nat.add_comm])
  let t := (t.withPart 2 (stx.getArg 2)).withPart 3 (stx.getArg 3)
  `(tactic| ($t:tactic; try with_reducible rfl))

/-- One goal for each branch of the `if`s; the names are for the conditions, in order. -/
syntax (name := splitIfs) "split_ifs" (Parser.Tactic.location)? (" with " (ppSpace colGt ident)+)? : tactic

def splitIfsNamed (place names : Syntax) (total : Nat) : Nat → MacroM (TSyntax `tactic)
  | 0 => do
    let t ← `(tactic| split)
    let t := t.withPart 2 place
    `(tactic| repeat' ($t:tactic))
  | count + 1 => do
    let h : TSyntax `ident := ⟨names.getArg (total - 1 - count)⟩
    let t ← `(tactic| split)
    let t := t.withPart 2 place
    let rest ← splitIfsNamed place names total count
    `(tactic| (($t:tactic) <;> rename_i $h:ident <;> try ($rest:tactic)))

@[macro splitIfs] def expandSplitIfs : Macro := fun stx => do
  let names := if (stx.getArg 2).isNone then mkNullNode else (stx.getArg 2).getArg 1
  let t ← splitIfsNamed (stx.getArg 1) names names.getNumArgs names.getNumArgs
  if names.getNumArgs = 0 then
    let one ← `(tactic| split)
    let one := one.withPart 2 (stx.getArg 1)
    `(tactic| (($one:tactic) <;> (try ($t:tactic)) <;> try contradiction))
  else `(tactic| ($t:tactic <;> try contradiction))

end
