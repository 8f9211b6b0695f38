/-! Proofs as terms: pattern matching, recursion, combinators. -/

variable {p q r : Prop}

theorem and_swap : p ∧ q → q ∧ p := fun ⟨hp, hq⟩ => ⟨hq, hp⟩
theorem or_swap : p ∨ q → q ∨ p
  | .inl h => .inr h
  | .inr h => .inl h
theorem curry : (p ∧ q → r) ↔ (p → q → r) := ⟨fun f a b => f ⟨a, b⟩, fun f h => f h.1 h.2⟩
theorem de_morgan : ¬(p ∨ q) ↔ ¬p ∧ ¬q :=
  ⟨fun h => ⟨fun a => h (.inl a), fun b => h (.inr b)⟩, fun ⟨a, b⟩ h => h.elim a b⟩
theorem em_irrefutable : ¬¬(p ∨ ¬p) := fun h => h (.inr fun a => h (.inl a))
theorem peirce : ((p → q) → p) → p :=
  fun h => (Classical.em p).elim id fun n => h fun a => absurd a n
theorem exists_not (α : Type) (P : α → Prop) : (∃ a, ¬P a) → ¬∀ a, P a := fun ⟨a, h⟩ g => h (g a)
theorem not_forall' (α : Type) (P : α → Prop) (h : ¬∀ a, P a) : ∃ a, ¬P a :=
  Classical.byContradiction fun g => h fun a => Classical.byContradiction fun n => g ⟨a, n⟩
theorem eq_chain (a b c : α) (h : a = b) (g : c = b) : a = c := h.trans g.symm
theorem transport (P : α → Prop) (a b : α) (h : a = b) (x : P a) : P b := h ▸ x
theorem cast_type (α β : Type) (h : α = β) (a : α) : HEq (cast h a) a := by cases h; rfl
theorem congr_two (f : α → β → γ) (h : a = a') (g : b = b') : f a b = f a' b' :=
  congr (congrArg f h) g
theorem zero_add' : ∀ n : Nat, 0 + n = n
  | 0 => rfl
  | n + 1 => congrArg Nat.succ (zero_add' n)
theorem length_append' : ∀ l m : List α, (l ++ m).length = l.length + m.length
  | [], m => (Nat.zero_add m.length).symm
  | a :: l, m => by
    have h := length_append' l m
    show (l ++ m).length + 1 = l.length + 1 + m.length
    omega
theorem map_map' (f : α → β) (g : β → γ) : ∀ l : List α, (l.map f).map g = l.map fun a => g (f a)
  | [] => rfl
  | _ :: l => congrArg _ (map_map' f g l)
theorem no_even_one : ¬∃ n : Nat, 2 * n = 1 := fun ⟨_, h⟩ => by omega
theorem absurd_nat (h : (0 : Nat) = 1) : p := nomatch h
theorem le_of_fun (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) : ∀ n, n ≤ f n :=
  fun n => n.rec (Nat.zero_le _) fun n ih => Nat.lt_of_le_of_lt ih (h n)
theorem unique_choice (α : Type) (P : α → Prop) (h : ∃ a, P a) : ∃ f : Unit → α, P (f ()) :=
  ⟨fun _ => Classical.choose h, Classical.choose_spec h⟩
theorem skolem (α β : Type) (R : α → β → Prop) (h : ∀ a, ∃ b, R a b) : ∃ f : α → β, ∀ a, R a (f a) :=
  ⟨fun a => Classical.choose (h a), fun a => Classical.choose_spec (h a)⟩
theorem subtype_eq (s t : { n : Nat // 3 < n }) (h : s.val = t.val) : s = t := Subtype.ext h
theorem let_term (n : Nat) : n ≤ n * n + n := let m := n * n; Nat.le_add_left n m
theorem have_term (a b : Nat) (h : a < b) : a ≠ b := have g := Nat.ne_of_lt h; g
theorem shown_term (a : Nat) : a + 0 = a := show a = a from rfl
theorem if_term (p : Prop) [Decidable p] (a : α) : (if p then a else a) = a :=
  if h : p then if_pos h else if_neg h
theorem fun_ext (f g : Nat → Nat → Nat) (h : ∀ a b, f a b = g a b) : f = g := funext fun a => funext (h a)
theorem prop_ext (h : p ↔ q) : p = q := propext h
theorem proof_irrelevance (h g : p) : h = g := rfl
theorem eta (f : α → β) : (fun a => f a) = f := rfl
theorem structure_eta (p : α × β) : (p.1, p.2) = p := rfl
theorem unit_eta (a b : Unit) : a = b := rfl
theorem quotient (r : Setoid Nat) (a b : Nat) (h : r.r a b) : Quotient.mk r a = Quotient.mk r b := Quotient.sound h
theorem quotient_back (r : Setoid α) (a b : α) (h : Quotient.mk r a = Quotient.mk r b) : r.r a b := Quotient.exact h
theorem quotient_lift (r : α → α → Prop) (f : α → β) (h : ∀ a b, r a b → f a = f b) (a : α) :
    Quot.lift f h (Quot.mk r a) = f a := rfl
theorem quotient_cases (r : α → α → Prop) (q : Quot r) : ∃ a, Quot.mk r a = q := 
  Quot.ind (β := fun q => ∃ a, Quot.mk r a = q) (fun a => ⟨a, rfl⟩) q
theorem well_founded (n : Nat) : Acc (· < ·) n := Nat.lt_wfRel.wf.apply n
theorem eq_rec (motive : ∀ b : Nat, 3 = b → Prop) (h : motive 3 rfl) (b : Nat) (e : 3 = b) : motive b e :=
  Eq.rec h e
theorem sum_cases (s : α ⊕ β) : (∃ a, s = .inl a) ∨ ∃ b, s = .inr b :=
  match s with
  | .inl a => .inl ⟨a, rfl⟩
  | .inr b => .inr ⟨b, rfl⟩
