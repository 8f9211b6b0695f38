import MathLM.Prelude.Casts

/-! Mathlib's tactics on core's automation. Most are macros over `grind`, `omega` and `simp`, whose code is
compiled; what must read the goal (`interval_cases`, the products of `nlinarith`, `mod_cases`) is declared here and
elaborated by `MathLM/Tactics.lean`. A tactic may prove more than Mathlib's; it never leaves an open goal unsaid. -/

section
variable {α : Type u} [Lean.Grind.Field α] {a b c d : α}

theorem mul_div_assoc' (a b c : α) : a * (b / c) = a * b / c := by grind
theorem add_div' (a b : α) (hc : c ≠ 0) : b + a / c = (b * c + a) / c := by grind
theorem div_add' (a b : α) (hc : c ≠ 0) : a / c + b = (a + b * c) / c := by grind
theorem sub_div' (a b : α) (hc : c ≠ 0) : b - a / c = (b * c - a) / c := by grind
theorem div_sub' (a b : α) (hc : c ≠ 0) : a / c - b = (a - b * c) / c := by grind
theorem mul_ne_zero_iff_field : a * b ≠ 0 ↔ a ≠ 0 ∧ b ≠ 0 := by grind

end

/-! In the embedded runtime a macro may not splice arrays (`$es,*`, `$[$loc]?`: the code of `Array.append` is not
loaded), so optional parts and lists are put into a template node by hand. -/

section
open Lean

/-- The template with `part` (an optional or a list node of like form) as its child number `i`. -/
def Lean.TSyntax.withPart (template : TSyntax `tactic) (i : Nat) (part : Syntax) : TSyntax `tactic :=
  ⟨template.raw.setArg i part⟩

/-- `have := e` for each term of a list between commas, then `last`. -/
def haveAll (terms : Syntax) (last : TSyntax `tactic) : Nat → MacroM (TSyntax `tactic)
  | 0 => return last
  | count + 1 => do
    let inner ← haveAll terms last count
    let e : TSyntax `term := ⟨terms.getArg (terms.getNumArgs - 1 - 2 * count)⟩
    let name := mkIdent (Name.mkSimple ("h_fact" ++ toString count)) -- apart, for `nlinarith_products`
    `(tactic| (have $name:ident := $e; $inner:tactic))

/-- `tactic` after the facts of `[e₁, …]`, an optional node. -/
def withFacts (facts : Syntax) (last : TSyntax `tactic) : MacroM Syntax := do
  if facts.isNone then return last
  let terms := facts.getArg 1
  return (← haveAll terms last ((terms.getNumArgs + 1) / 2))

/-! ### Logic -/

theorem not_ne_iff {α : Sort u} {a b : α} : ¬a ≠ b ↔ a = b := Classical.not_not

theorem not_imp_iff_and_not {a b : Prop} : ¬(a → b) ↔ a ∧ ¬b := Classical.not_imp

/-- `push_neg at h ⊢`: moves negations inward. -/
syntax (name := pushNeg) "push_neg" (Parser.Tactic.location)? : tactic
@[macro pushNeg] def expandPushNeg : Macro := fun stx => do
  let t ← `(tactic| simp only [not_forall, not_exists, not_and, not_or, not_imp_iff_and_not, Classical.not_not,
    not_lt, not_le, not_ne_iff, ← ne_eq, Classical.not_iff, gt_iff_lt, ge_iff_le, exists_prop])
  let t := t.withPart 5 (stx.getArg 1)
  `(tactic| try $t:tactic)

syntax (name := byContra) "by_contra" (ppSpace colGt ident)? (" : " term)? : tactic
macro_rules
  | `(tactic| by_contra) => do
    let h := mkIdent `this
    `(tactic| by_contra $h:ident)
  | `(tactic| by_contra : $t) => do
    let h := mkIdent `this
    `(tactic| by_contra $h:ident : $t)
  | `(tactic| by_contra $h:ident) =>
    `(tactic| first
      | with_reducible refine Not.intro fun $h:ident => ?_
      | refine Classical.byContradiction fun $h:ident => ?_)
  | `(tactic| by_contra $h:ident : $t) => `(tactic| (by_contra $h:ident; change $t at $h:ident))

syntax (name := byContraBang) "by_contra!" (ppSpace colGt ident)? (" : " term)? : tactic
macro_rules
  | `(tactic| by_contra!) => do
    let h := mkIdent `this
    `(tactic| by_contra! $h:ident)
  | `(tactic| by_contra! : $t) => do
    let h := mkIdent `this
    `(tactic| by_contra! $h:ident : $t)
  | `(tactic| by_contra! $h:ident) => `(tactic| (by_contra $h:ident; push_neg at $h:ident))
  | `(tactic| by_contra! $h:ident : $t) => `(tactic| (by_contra! $h:ident; change $t at $h:ident))

syntax (name := contrapose) "contrapose" (ppSpace colGt ident)? : tactic
macro_rules
  | `(tactic| contrapose) => `(tactic| refine not_imp_not.1 ?_)
  | `(tactic| contrapose $h:ident) => `(tactic| (revert $h:ident; contrapose; intro $h:ident))

syntax (name := contraposeBang) "contrapose!" (ppSpace colGt ident)? : tactic
macro_rules
  | `(tactic| contrapose!) => `(tactic| (contrapose; push_neg))
  | `(tactic| contrapose! $h:ident) => `(tactic| (revert $h:ident; contrapose; push_neg; intro $h:ident))

/-- `use a, b`: gives the witnesses, and closes what is left where it is plain. -/
syntax (name := useTactic) "use " term,+ : tactic

def useAll (terms : Syntax) : Nat → MacroM (TSyntax `tactic)
  | 0 => `(tactic| try first
    | with_reducible rfl
    | assumption
    | exact True.intro
    | (constructor <;> assumption))
  | count + 1 => do
    let inner ← useAll terms count
    let e : TSyntax `term := ⟨terms.getArg (terms.getNumArgs - 1 - 2 * count)⟩
    `(tactic| first
      | (refine ⟨$e, ?_⟩; $inner:tactic)
      | exact $e)

@[macro useTactic] def expandUse : Macro := fun stx =>
  useAll (stx.getArg 1) (((stx.getArg 1).getNumArgs + 1) / 2)

macro "tauto" : tactic => `(tactic| first
  | (intros; simp_all; done)
  | grind
  | fail "tauto: no propositional proof was found")

/-- Bounded search: simplification, case splitting, constructors. -/
macro "aesop" : tactic => `(tactic| first
  | (intros; simp_all; done)
  | (intros; grind)
  | (intros; constructor <;> (first | (simp_all; done) | grind))
  | fail "aesop: its bounded search (simp_all, grind, constructor) found no proof")

syntax (name := inductionPrime) "induction' " term (" with " (ppSpace colGt binderIdent)+)? : tactic
@[macro inductionPrime] def expandInductionPrime : Macro := fun stx => do
  let e : TSyntax `term := ⟨stx.getArg 1⟩
  if (stx.getArg 2).isNone then return (← `(tactic| induction $e:term))
  let succ := mkIdent `succ
  let t ← `(tactic| case' $succ:ident x => skip)
  let tags := t.raw.getArg 1
  let named := t.withPart 1 (tags.setArg 0 ((tags.getArg 0).setArg 1 ((stx.getArg 2).getArg 1)))
  `(tactic| (induction $e:term; $named:tactic; rotate_left))

syntax "cases' " term " with " ident (ppSpace colGt ident)? : tactic
macro_rules
  | `(tactic| cases' $e:term with $a:ident) => `(tactic| (have $a := $e; cases $a:ident))
  | `(tactic| cases' $e:term with $a:ident $b:ident) => `(tactic| first
    | refine Or.elim $e (fun $a => ?_) (fun $b => ?_)
    | refine And.elim (fun $a $b => ?_) $e
    | refine Exists.elim $e (fun $a $b => ?_))

macro "swap" : tactic => `(tactic| rotate_left)

/-! ### Rings and fields -/

/-- Equality of commutative (semi)ring expressions; fields too. -/
macro "ring1" : tactic => `(tactic| first
  | with_reducible rfl
  | grobner
  | (simp only [pow_add, pow_mul, mul_pow, pow_succ, pow_zero, one_mul]; grobner)
  | (simp only [pow_mul', mul_pow, pow_two]; grobner)
  | (simp only [← pow_mul, ← pow_add, Nat.mul_comm, Nat.add_comm]; done)
  | (push_cast; grobner)
  | fail "ring: the two sides are not equal as polynomials (to it, natural-number subtraction and division are opaque)")
macro "ring" : tactic => `(tactic| ring1)

/-- Closes the goal as `ring` does, or multiplies out and sorts. -/
syntax (name := ringNf) "ring_nf" (Parser.Tactic.location)? : tactic
@[macro ringNf] def expandRingNf : Macro := fun stx => do
  let t ← `(tactic| simp only [mul_add, add_mul, mul_sub, sub_mul, pow_succ, pow_zero, one_mul, mul_one, zero_mul,
    mul_zero, zero_add, add_zero, neg_mul, mul_neg, neg_neg, mul_comm, mul_assoc, mul_left_comm, add_comm, add_assoc,
    add_left_comm])
  let t := t.withPart 5 (stx.getArg 1)
  if (stx.getArg 1).isNone then `(tactic| first | ring1 | $t:tactic) else return t

/-- Gets rid of denominators that are known not to be zero. -/
syntax (name := fieldSimp) "field_simp" (Parser.Tactic.location)? : tactic
@[macro fieldSimp] def expandFieldSimp : Macro := fun stx => do
  let t ← `(tactic| simp (disch := (first | assumption | (apply ne_of_gt; assumption) | (intro h0; grind) | decide)) only
    [div_add_div, div_sub_div, div_eq_iff, eq_div_iff, div_div, div_mul_div_comm, mul_div_assoc', div_mul_eq_mul_div,
     add_div', div_add', sub_div', div_sub', ne_eq, not_false_eq_true, mul_ne_zero_iff_field, div_one, one_mul,
     mul_one])
  return t.withPart 5 (stx.getArg 1)

/-! ### Linear and nonlinear arithmetic -/

macro "linarith_core" : tactic => `(tactic| first
  | assumption
  | omega
  | grind
  | (refine le_antisymm ?_ ?_ <;> first | omega | grind)
  | (push_cast at *; first | omega | grind)
  | fail "linarith: no contradiction was found from the hypotheses by linear arithmetic")

syntax (name := linarith) "linarith" (&" only")? (" [" term,* "]")? : tactic
@[macro linarith] def expandLinarith : Macro := fun stx => do withFacts (stx.getArg 2) (← `(tactic| linarith_core))

/-- Adds the products of the comparisons in the context, pair by pair. -/
syntax (name := nlinarithProducts) "nlinarith_products" : tactic

macro "nlinarith_core" : tactic => `(tactic| first
  | assumption
  | omega
  | grind
  | (by_contra! h_goal
     nlinarith_products
     first
       | omega
       | grind)
  | fail "nlinarith: no contradiction was found from the hypotheses, the hints and their products")

syntax (name := nlinarith) "nlinarith" (&" only")? (" [" term,* "]")? : tactic
@[macro nlinarith] def expandNlinarith : Macro := fun stx => do withFacts (stx.getArg 2) (← `(tactic| nlinarith_core))

macro "polyrith" : tactic => `(tactic| first
  | grobner
  | fail "polyrith: the goal does not follow from the equations in the context")

/-- The coefficients are a hint for people: the equations in the context are combined by Gröbner bases. -/
syntax "linear_combination" (ppSpace colGt term)? : tactic
macro_rules
  | `(tactic| linear_combination) => `(tactic| ring1)
  | `(tactic| linear_combination $_e:term) => `(tactic| first
    | grobner
    | grind
    | fail "linear_combination: the goal does not follow from the equations in the context")

/-! ### Numbers -/

/-- Decided in the kernel, which must look at once: where a check leaves the kernel to the judge, this would claim
anything, and what stands after it in a `first` would never be tried. -/
macro "decide_now" : tactic => `(tactic| (set_option debug.skipKernelTC false in decide +kernel))

macro "norm_num_close" : tactic => `(tactic| first
  | rfl
  | decide
  | grind)

/-- Evaluates numbers: arithmetic, comparison, divisibility, gcd, primes, digits, finite sums. -/
syntax (name := normNum) "norm_num"
  (" [" (Parser.Tactic.simpStar <|> Parser.Tactic.simpErase <|> Parser.Tactic.simpLemma),* "]")?
  (Parser.Tactic.location)? : tactic
@[macro normNum] def expandNormNum : Macro := fun stx => do
  let args := stx.getArg 1
  let place := stx.getArg 2
  let t ← `(tactic| simp (decide := true) [Nat.factorial])
  let t := if args.isNone then t else t.withPart 4 args
  if !place.isNone then return t.withPart 5 place
  if args.isNone then
    `(tactic| first
      | (simp (decide := true) [Finset.sum_range_succ, Finset.prod_range_succ, Nat.factorial]; done)
      | (norm_num_close; done)
      | decide_now
      | $t:tactic
      | fail "norm_num: nothing to evaluate")
  else
    `(tactic| first
      | ($t:tactic; done)
      | ($t:tactic; norm_num_close)
      | $t:tactic
      | norm_num)

macro "norm_num1" : tactic => `(tactic| norm_num)

syntax (name := zify) "zify" (Parser.Tactic.location)? : tactic
@[macro zify] def expandZify : Macro := fun stx => do
  let t ← `(tactic| simp only [← Int.natCast_inj, ← Int.ofNat_le, ← Int.ofNat_lt, ne_eq, Int.natCast_add,
    Int.natCast_mul, Int.natCast_pow, Int.cast_ofNat_Int])
  return t.withPart 5 (stx.getArg 1)

/-! ### Signs and monotonicity -/

syntax (name := positivity) "positivity" : tactic
macro_rules
  | `(tactic| positivity) => `(tactic| first
    | assumption
    | exact Nat.zero_le _
    | exact zero_lt_one
    | exact sq_nonneg _
    | exact mul_self_nonneg _
    | exact abs_nonneg _
    | exact Nat.factorial_pos _
    | (refine pow_pos ?_ _; positivity)
    | (refine mul_pos ?_ ?_ <;> positivity)
    | (refine add_pos ?_ ?_ <;> positivity)
    | (refine add_pos_of_pos_of_nonneg ?_ ?_ <;> positivity)
    | (refine add_pos_of_nonneg_of_pos ?_ ?_ <;> positivity)
    | (refine mul_nonneg ?_ ?_ <;> positivity)
    | (refine add_nonneg ?_ ?_ <;> positivity)
    | (refine pow_nonneg ?_ _; positivity)
    | (refine le_of_lt ?_; assumption)
    | (refine ne_of_gt ?_; positivity)
    | omega
    | decide
    | grind
    | fail "positivity: the sign does not follow from the signs of the parts")

syntax (name := gcongr) "gcongr" : tactic
macro_rules
  | `(tactic| gcongr) => `(tactic| first
    | assumption
    | exact le_rfl
    | (refine add_le_add ?_ ?_ <;> gcongr)
    | (refine add_lt_add ?_ ?_ <;> gcongr)
    | (refine add_lt_add_of_lt_of_le ?_ ?_ <;> gcongr)
    | (refine add_lt_add_of_le_of_lt ?_ ?_ <;> gcongr)
    | (refine sub_le_sub ?_ ?_ <;> gcongr)
    | (refine mul_le_mul_of_nonneg_left ?_ ?_ <;> first | gcongr | positivity)
    | (refine mul_le_mul_of_nonneg_right ?_ ?_ <;> first | gcongr | positivity)
    | (refine mul_le_mul ?_ ?_ ?_ ?_ <;> first | gcongr | positivity)
    | (refine mul_lt_mul_of_pos_left ?_ ?_ <;> first | gcongr | positivity)
    | (refine mul_lt_mul_of_pos_right ?_ ?_ <;> first | gcongr | positivity)
    | (refine pow_le_pow_left₀ ?_ ?_ _ <;> first | gcongr | positivity)
    | (refine pow_lt_pow_left₀ ?_ ?_ ?_ <;> first | gcongr | positivity)
    | (refine div_le_div_of_nonneg_right ?_ ?_ <;> first | gcongr | positivity)
    | (refine div_lt_div_of_pos_right ?_ ?_ <;> first | gcongr | positivity)
    | (refine Finset.sum_le_sum ?_; intros; gcongr)
    | omega
    | fail "gcongr: no monotonicity step applies")

/-! ### Case distinctions -/

/-- `interval_cases x`: one goal for each value of `x` between bounds that linear arithmetic finds. -/
syntax (name := intervalCases) "interval_cases" (ppSpace colGt term)? : tactic

/-- `mod_cases h : e % n`: one goal for each residue, with `h : e ≡ r [MOD n]` (`[ZMOD n]` for integers). -/
syntax (name := modCases) "mod_cases " ident " : " term:71 " % " num : tactic

/-- `fin_cases h`, for `h : x ∈ s` with a concrete finite set `s`. -/
macro "fin_cases " h:ident : tactic => `(tactic|
  (simp only [Finset.mem_insert, Finset.mem_singleton] at $h:ident
   rcases $h:ident with h_case | h_case | h_case | h_case | h_case | h_case | h_case | h_case
   all_goals try subst h_case))

end
