import MathLM.Prelude.Basic

/-! Order: lemmas under Mathlib's names for any type with core's order laws (ℕ, ℤ, ℚ have them), monotone
functions, bounds, absolute value. Stated over the bare relations where Mathlib asks for `Preorder`. -/

section
variable {α : Type u} [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {a b c d : α}

@[refl] theorem le_refl (a : α) : a ≤ a := Std.le_refl a
theorem le_rfl : a ≤ a := Std.le_refl a
theorem le_trans (h : a ≤ b) (h' : b ≤ c) : a ≤ c := Std.le_trans h h'
theorem le_antisymm (h : a ≤ b) (h' : b ≤ a) : a = b := Std.le_antisymm h h'
theorem le_antisymm_iff : a = b ↔ a ≤ b ∧ b ≤ a := ⟨fun h => h ▸ ⟨le_rfl, le_rfl⟩, fun h => le_antisymm h.1 h.2⟩
theorem le_total (a b : α) : a ≤ b ∨ b ≤ a := Std.le_total
theorem not_lt : ¬a < b ↔ b ≤ a := Std.not_lt
theorem not_le : ¬a ≤ b ↔ b < a := Std.not_le
theorem lt_irrefl (a : α) : ¬a < a := Std.not_lt.2 le_rfl
theorem le_of_lt (h : a < b) : a ≤ b := Std.le_of_lt h
theorem lt_iff_le_not_ge : a < b ↔ a ≤ b ∧ ¬b ≤ a := Std.LawfulOrderLT.lt_iff a b
theorem lt_iff_not_ge : a < b ↔ ¬b ≤ a := not_le.symm
theorem lt_of_not_ge (h : ¬b ≤ a) : a < b := not_le.1 h
theorem le_of_not_gt (h : ¬b < a) : a ≤ b := not_lt.1 h
theorem lt_of_not_le (h : ¬b ≤ a) : a < b := not_le.1 h
theorem le_of_not_lt (h : ¬b < a) : a ≤ b := not_lt.1 h
theorem not_le_of_gt (h : a < b) : ¬b ≤ a := not_le.2 h
theorem not_lt_of_ge (h : a ≤ b) : ¬b < a := not_lt.2 h
theorem not_le_of_lt (h : a < b) : ¬b ≤ a := not_le.2 h
theorem not_lt_of_le (h : a ≤ b) : ¬b < a := not_lt.2 h
theorem lt_of_le_of_lt (h : a ≤ b) (h' : b < c) : a < c := not_le.1 fun k => not_le.2 h' (le_trans k h)
theorem lt_of_lt_of_le (h : a < b) (h' : b ≤ c) : a < c := not_le.1 fun k => not_le.2 h (le_trans h' k)
theorem lt_trans (h : a < b) (h' : b < c) : a < c := lt_of_lt_of_le h (le_of_lt h')
theorem ne_of_lt (h : a < b) : a ≠ b := fun e => lt_irrefl b (e ▸ h)
theorem ne_of_gt (h : b < a) : a ≠ b := fun e => lt_irrefl b (e ▸ h)
theorem lt_asymm (h : a < b) : ¬b < a := not_lt.2 (le_of_lt h)
theorem le_of_eq (h : a = b) : a ≤ b := h ▸ le_rfl
theorem ge_of_eq (h : a = b) : a ≥ b := h ▸ le_rfl
theorem lt_of_le_of_ne (h : a ≤ b) (n : a ≠ b) : a < b := not_le.1 fun k => n (le_antisymm h k)
theorem lt_of_le_of_ne' (h : a ≤ b) (n : b ≠ a) : a < b := lt_of_le_of_ne h (Ne.symm n)
theorem lt_iff_le_and_ne : a < b ↔ a ≤ b ∧ a ≠ b :=
  ⟨fun h => ⟨le_of_lt h, ne_of_lt h⟩, fun h => lt_of_le_of_ne h.1 h.2⟩
theorem eq_or_lt_of_le (h : a ≤ b) : a = b ∨ a < b :=
  (Classical.em (a = b)).imp id fun n => lt_of_le_of_ne h n
theorem lt_or_eq_of_le (h : a ≤ b) : a < b ∨ a = b := (eq_or_lt_of_le h).symm
theorem le_iff_lt_or_eq : a ≤ b ↔ a < b ∨ a = b := ⟨lt_or_eq_of_le, fun h => h.elim le_of_lt le_of_eq⟩
theorem le_iff_eq_or_lt : a ≤ b ↔ a = b ∨ a < b := le_iff_lt_or_eq.trans Or.comm
theorem lt_trichotomy (a b : α) : a < b ∨ a = b ∨ b < a :=
  (Classical.em (a < b)).imp id fun h => (eq_or_lt_of_le (not_lt.1 h)).imp Eq.symm id
theorem lt_or_ge (a b : α) : a < b ∨ a ≥ b := (Classical.em (a < b)).imp id not_lt.1
theorem le_or_gt (a b : α) : a ≤ b ∨ a > b := (Classical.em (a ≤ b)).imp id not_le.1
theorem lt_or_le (a b : α) : a < b ∨ b ≤ a := lt_or_ge a b
theorem le_or_lt (a b : α) : a ≤ b ∨ b < a := le_or_gt a b
theorem lt_or_gt_of_ne (h : a ≠ b) : a < b ∨ a > b := (lt_trichotomy a b).imp id fun k => k.resolve_left h
theorem ne_iff_lt_or_gt : a ≠ b ↔ a < b ∨ a > b :=
  ⟨lt_or_gt_of_ne, fun h => h.elim ne_of_lt ne_of_gt⟩
theorem eq_of_le_of_ge (h : a ≤ b) (h' : b ≤ a) : a = b := le_antisymm h h'
theorem eq_of_forall_le_iff (h : ∀ c, c ≤ a ↔ c ≤ b) : a = b :=
  le_antisymm ((h a).1 le_rfl) ((h b).2 le_rfl)

theorem LE.le.trans (h : a ≤ b) (h' : b ≤ c) : a ≤ c := le_trans h h'
theorem LE.le.trans_lt (h : a ≤ b) (h' : b < c) : a < c := lt_of_le_of_lt h h'
theorem LT.lt.trans (h : a < b) (h' : b < c) : a < c := lt_trans h h'
theorem LT.lt.trans_le (h : a < b) (h' : b ≤ c) : a < c := lt_of_lt_of_le h h'
theorem LE.le.antisymm (h : a ≤ b) (h' : b ≤ a) : a = b := le_antisymm h h'
theorem LE.le.not_gt (h : a ≤ b) : ¬b < a := not_lt_of_ge h
theorem LT.lt.not_ge (h : a < b) : ¬b ≤ a := not_le_of_gt h
theorem LE.le.not_lt (h : a ≤ b) : ¬b < a := not_lt_of_ge h
theorem LT.lt.not_le (h : a < b) : ¬b ≤ a := not_le_of_gt h
theorem LT.lt.le (h : a < b) : a ≤ b := le_of_lt h
theorem LT.lt.ne (h : a < b) : a ≠ b := ne_of_lt h
theorem LT.lt.ne' (h : a < b) : b ≠ a := ne_of_gt h
theorem LE.le.lt_of_ne (h : a ≤ b) (n : a ≠ b) : a < b := lt_of_le_of_ne h n
theorem LE.le.lt_or_eq (h : a ≤ b) : a < b ∨ a = b := lt_or_eq_of_le h
theorem LE.le.eq_or_lt (h : a ≤ b) : a = b ∨ a < b := eq_or_lt_of_le h
theorem LE.le.lt_iff_ne (h : a ≤ b) : a < b ↔ a ≠ b := ⟨ne_of_lt, lt_of_le_of_ne h⟩
theorem Eq.ge (h : a = b) : a ≥ b := h ▸ le_rfl
theorem LT.lt.asymm (h : a < b) : ¬b < a := lt_asymm h

end

/-! ### Maximum and minimum -/

section
variable {α : Type u} [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {a b c : α}

theorem max_comm [Max α] [Std.LawfulOrderSup α] (a b : α) : max a b = max b a :=
  le_antisymm ((Std.LawfulOrderSup.max_le_iff _ _ _).2 ⟨Std.right_le_max, Std.left_le_max⟩) ((Std.LawfulOrderSup.max_le_iff _ _ _).2 ⟨Std.right_le_max, Std.left_le_max⟩)
theorem le_max_left [Max α] [Std.LawfulOrderSup α] (a b : α) : a ≤ max a b := Std.left_le_max
theorem le_max_right [Max α] [Std.LawfulOrderSup α] (a b : α) : b ≤ max a b := Std.right_le_max
theorem max_le [Max α] [Std.LawfulOrderSup α] (h : a ≤ c) (h' : b ≤ c) : max a b ≤ c := (Std.LawfulOrderSup.max_le_iff _ _ _).2 ⟨h, h'⟩
theorem max_le_iff [Max α] [Std.LawfulOrderSup α] : max a b ≤ c ↔ a ≤ c ∧ b ≤ c := (Std.LawfulOrderSup.max_le_iff _ _ _)
theorem min_le_left [Min α] [Std.LawfulOrderInf α] (a b : α) : min a b ≤ a := Std.min_le_left
theorem min_le_right [Min α] [Std.LawfulOrderInf α] (a b : α) : min a b ≤ b := Std.min_le_right
theorem le_min [Min α] [Std.LawfulOrderInf α] (h : c ≤ a) (h' : c ≤ b) : c ≤ min a b := (Std.LawfulOrderInf.le_min_iff _ _ _).2 ⟨h, h'⟩
theorem le_min_iff [Min α] [Std.LawfulOrderInf α] : c ≤ min a b ↔ c ≤ a ∧ c ≤ b := (Std.LawfulOrderInf.le_min_iff _ _ _)

end

/-! ### Monotone functions -/

section
variable {α : Type u} {β : Type v}

def Monotone [LE α] [LE β] (f : α → β) : Prop := ∀ ⦃a b⦄, a ≤ b → f a ≤ f b
def Antitone [LE α] [LE β] (f : α → β) : Prop := ∀ ⦃a b⦄, a ≤ b → f b ≤ f a
def StrictMono [LT α] [LT β] (f : α → β) : Prop := ∀ ⦃a b⦄, a < b → f a < f b
def StrictAnti [LT α] [LT β] (f : α → β) : Prop := ∀ ⦃a b⦄, a < b → f b < f a

theorem strictMono_nat_of_lt_succ [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {f : ℕ → α}
    (h : ∀ n, f n < f (n + 1)) : StrictMono f := by
  intro a b hab
  induction hab with
  | refl => exact h a
  | step _ ih => exact lt_trans ih (h _)

theorem monotone_nat_of_le_succ [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {f : ℕ → α}
    (h : ∀ n, f n ≤ f (n + 1)) : Monotone f := by
  intro a b hab
  induction hab with
  | refl => exact le_rfl
  | step _ ih => exact le_trans ih (h _)

section
variable [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [LE β] [LT β] [Std.IsLinearOrder β] [Std.LawfulOrderLT β] {f : α → β}

theorem StrictMono.monotone (h : StrictMono f) : Monotone f := fun _ _ hab =>
  (eq_or_lt_of_le hab).elim (fun e => e ▸ le_rfl) fun l => le_of_lt (h l)

theorem StrictMono.lt_iff_lt (h : StrictMono f) {a b : α} : f a < f b ↔ a < b :=
  ⟨fun k => not_le.1 fun l => not_le.2 k (h.monotone l), fun k => h k⟩

theorem StrictMono.le_iff_le (h : StrictMono f) {a b : α} : f a ≤ f b ↔ a ≤ b :=
  ⟨fun k => not_lt.1 fun l => not_lt.2 k (h l), fun k => h.monotone k⟩

theorem StrictMono.injective (h : StrictMono f) : Function.Injective f := fun a b e =>
  (lt_trichotomy a b).elim (fun l => absurd e (ne_of_lt (h l)))
    fun k => k.elim id fun l => absurd e (ne_of_gt (h l))

end
end

/-! ### Absolute value -/

/-- The larger one of `a` and `-a`. -/
def abs {α : Type u} [Max α] [Neg α] (a : α) : α := max a (-a)

macro:max atomic("|" noWs) a:term noWs "|" : term => `(abs $a)

open Lean in
@[app_unexpander abs] def unexpandAbs : PrettyPrinter.Unexpander
  | `($(_) $a) => match a with
    | `(|$_|) | `(-$_) => `(|($a)|)
    | _ => `(|$a|)
  | _ => throw ()
