import MathLM.Prelude.Algebra

/-! Sets, set-builder notation, images, bounds. -/

def Set (α : Type u) : Type u := α → Prop

def setOf {α : Type u} (p : α → Prop) : Set α := p

macro "{" x:ident " | " p:term "}" : term => `(setOf fun $x => $p)
macro "{" x:ident " : " t:term " | " p:term "}" : term => `(setOf fun $x : $t => $p)
macro "{" "(" x:ident " : " t:term ")" " | " p:term "}" : term => `(setOf fun $x : $t => $p)
macro "{" x:ident b:binderPred " | " p:term "}" : term => `(setOf fun $x => satisfies_binder_pred% $x $b ∧ $p)

open Lean in
@[app_unexpander setOf] def unexpandSetOf : PrettyPrinter.Unexpander
  | `($(_) fun $x:ident ↦ $b) => `({$x:ident | $b})
  | `($(_) fun ($x:ident : $t) ↦ $b) => `({$x:ident : $t | $b})
  | _ => throw ()

namespace Set
variable {α : Type u} {β : Type v} {s t r : Set α} {a b : α}

instance : Membership α (Set α) := ⟨fun s a => s a⟩
instance : HasSubset (Set α) := ⟨fun s t => ∀ ⦃a⦄, a ∈ s → a ∈ t⟩
instance : LE (Set α) := ⟨fun s t => s ⊆ t⟩
instance : HasSSubset (Set α) := ⟨fun s t => s ⊆ t ∧ ¬t ⊆ s⟩
instance : EmptyCollection (Set α) := ⟨fun _ => False⟩
instance : Insert α (Set α) := ⟨fun a s => {b | b = a ∨ b ∈ s}⟩
instance : Singleton α (Set α) := ⟨fun a => {b | b = a}⟩
instance : Union (Set α) := ⟨fun s t => {a | a ∈ s ∨ a ∈ t}⟩
instance : Inter (Set α) := ⟨fun s t => {a | a ∈ s ∧ a ∈ t}⟩
instance : SDiff (Set α) := ⟨fun s t => {a | a ∈ s ∧ ¬a ∈ t}⟩
instance : Inhabited (Set α) := ⟨∅⟩

def univ : Set α := fun _ => True
def compl (s : Set α) : Set α := {a | ¬a ∈ s}
postfix:max "ᶜ" => Set.compl
def image (f : α → β) (s : Set α) : Set β := {b | ∃ a, a ∈ s ∧ f a = b}
infixl:80 " '' " => Set.image
def preimage (f : α → β) (s : Set β) : Set α := {a | f a ∈ s}
infixl:80 " ⁻¹' " => Set.preimage
def range {ι : Sort w} (f : ι → α) : Set α := {x | ∃ y, f y = x}
protected def Nonempty (s : Set α) : Prop := ∃ x, x ∈ s
def InjOn (f : α → β) (s : Set α) : Prop := ∀ ⦃a⦄, a ∈ s → ∀ ⦃b⦄, b ∈ s → f a = f b → a = b
def MapsTo (f : α → β) (s : Set α) (t : Set β) : Prop := ∀ ⦃x⦄, x ∈ s → f x ∈ t
def SurjOn (f : α → β) (s : Set α) (t : Set β) : Prop := t ⊆ f '' s
def Pairwise (s : Set α) (r : α → α → Prop) : Prop := ∀ ⦃x⦄, x ∈ s → ∀ ⦃y⦄, y ∈ s → x ≠ y → r x y
def prod (s : Set α) (t : Set β) : Set (α × β) := {p | p.1 ∈ s ∧ p.2 ∈ t}

section
variable [LE α] [LT α]
def Icc (a b : α) : Set α := {x | a ≤ x ∧ x ≤ b}
def Ico (a b : α) : Set α := {x | a ≤ x ∧ x < b}
def Ioc (a b : α) : Set α := {x | a < x ∧ x ≤ b}
def Ioo (a b : α) : Set α := {x | a < x ∧ x < b}
def Ici (a : α) : Set α := {x | a ≤ x}
def Iic (a : α) : Set α := {x | x ≤ a}
def Ioi (a : α) : Set α := {x | a < x}
def Iio (a : α) : Set α := {x | x < a}
end

@[simp] theorem mem_setOf_eq {p : α → Prop} : (a ∈ {x | p x}) = p a := rfl
@[grind =] theorem mem_setOf_iff (p : α → Prop) (a : α) : a ∈ setOf p ↔ p a := Iff.rfl
theorem mem_setOf {p : α → Prop} : a ∈ {x | p x} ↔ p a := Iff.rfl
@[simp, grind =] theorem mem_empty_iff_false (x : α) : x ∈ (∅ : Set α) ↔ False := Iff.rfl
@[simp, grind =] theorem mem_insert_iff : a ∈ (Insert.insert b s : Set α) ↔ a = b ∨ a ∈ s := Iff.rfl
@[simp, grind =] theorem mem_singleton_iff : a ∈ ({b} : Set α) ↔ a = b := Iff.rfl
@[simp, grind =] theorem mem_union (x : α) (a b : Set α) : x ∈ a ∪ b ↔ x ∈ a ∨ x ∈ b := Iff.rfl
@[simp, grind =] theorem mem_inter_iff (x : α) (a b : Set α) : x ∈ a ∩ b ↔ x ∈ a ∧ x ∈ b := Iff.rfl
@[simp, grind =] theorem mem_diff (x : α) : x ∈ s \ t ↔ x ∈ s ∧ ¬x ∈ t := Iff.rfl
@[simp, grind =] theorem mem_compl_iff (s : Set α) (x : α) : x ∈ sᶜ ↔ ¬x ∈ s := Iff.rfl
@[simp, grind ←] theorem mem_univ (x : α) : x ∈ (univ : Set α) := trivial
@[simp, grind =] theorem mem_image (f : α → β) (s : Set α) (y : β) : y ∈ f '' s ↔ ∃ x, x ∈ s ∧ f x = y := Iff.rfl
@[simp, grind =] theorem mem_preimage {f : α → β} {s : Set β} : a ∈ f ⁻¹' s ↔ f a ∈ s := Iff.rfl
@[simp, grind =] theorem mem_range {ι : Sort w} {f : ι → α} {x : α} : x ∈ range f ↔ ∃ y, f y = x := Iff.rfl
theorem mem_range_self {ι : Sort w} {f : ι → α} (i : ι) : f i ∈ range f := ⟨i, rfl⟩
theorem mem_image_of_mem (f : α → β) (h : a ∈ s) : f a ∈ f '' s := ⟨a, h, rfl⟩
theorem mem_singleton (a : α) : a ∈ ({a} : Set α) := rfl

section
variable [LE α] [LT α] {x : α}
@[simp, grind =] theorem mem_Icc : x ∈ Icc a b ↔ a ≤ x ∧ x ≤ b := Iff.rfl
@[simp, grind =] theorem mem_Ico : x ∈ Ico a b ↔ a ≤ x ∧ x < b := Iff.rfl
@[simp, grind =] theorem mem_Ioc : x ∈ Ioc a b ↔ a < x ∧ x ≤ b := Iff.rfl
@[simp, grind =] theorem mem_Ioo : x ∈ Ioo a b ↔ a < x ∧ x < b := Iff.rfl
@[simp, grind =] theorem mem_Ici : x ∈ Ici a ↔ a ≤ x := Iff.rfl
@[simp, grind =] theorem mem_Iic : x ∈ Iic a ↔ x ≤ a := Iff.rfl
@[simp, grind =] theorem mem_Ioi : x ∈ Ioi a ↔ a < x := Iff.rfl
@[simp, grind =] theorem mem_Iio : x ∈ Iio a ↔ x < a := Iff.rfl
end

@[ext] theorem ext {s t : Set α} (h : ∀ x, x ∈ s ↔ x ∈ t) : s = t := funext fun x => propext (h x)
theorem subset_def : (s ⊆ t) = ∀ x, x ∈ s → x ∈ t := rfl
grind_pattern subset_def => s ⊆ t
theorem Subset.refl (s : Set α) : s ⊆ s := fun _ h => h
theorem Subset.trans (h : s ⊆ t) (h' : t ⊆ r) : s ⊆ r := fun _ k => h' (h k)
theorem Subset.antisymm (h : s ⊆ t) (h' : t ⊆ s) : s = t := ext fun _ => ⟨(h ·), (h' ·)⟩
theorem subset_univ (s : Set α) : s ⊆ univ := fun _ _ => trivial
theorem empty_subset (s : Set α) : ∅ ⊆ s := fun _ h => h.elim
theorem eq_empty_iff_forall_notMem : s = ∅ ↔ ∀ x, ¬x ∈ s :=
  ⟨fun h _ k => by rw [h] at k; exact k, fun h => ext fun x => ⟨fun k => (h x k).elim, fun k => k.elim⟩⟩
theorem eq_univ_iff_forall : s = univ ↔ ∀ x, x ∈ s :=
  ⟨fun h x => h ▸ mem_univ x, fun h => ext fun x => ⟨fun _ => trivial, fun _ => h x⟩⟩
theorem union_comm (s t : Set α) : s ∪ t = t ∪ s := ext fun _ => Or.comm
theorem inter_comm (s t : Set α) : s ∩ t = t ∩ s := ext fun _ => And.comm
theorem subset_union_left : s ⊆ s ∪ t := fun _ => Or.inl
theorem subset_union_right : t ⊆ s ∪ t := fun _ => Or.inr
theorem inter_subset_left : s ∩ t ⊆ s := fun _ => And.left
theorem inter_subset_right : s ∩ t ⊆ t := fun _ => And.right

instance {p : α → Prop} [h : Decidable (p a)] : Decidable (a ∈ {x | p x}) := h
instance [LE α] [DecidableLE α] {x : α} : Decidable (x ∈ Icc a b) := inferInstanceAs (Decidable (_ ∧ _))
instance [LE α] [LT α] [DecidableLE α] [DecidableLT α] {x : α} : Decidable (x ∈ Ico a b) :=
  inferInstanceAs (Decidable (_ ∧ _))

end Set

/-! ### Bounds -/

section
variable {α : Type u} [LE α]

def upperBounds (s : Set α) : Set α := {x | ∀ ⦃a⦄, a ∈ s → a ≤ x}
def lowerBounds (s : Set α) : Set α := {x | ∀ ⦃a⦄, a ∈ s → x ≤ a}
def BddAbove (s : Set α) : Prop := (upperBounds s).Nonempty
def BddBelow (s : Set α) : Prop := (lowerBounds s).Nonempty
def IsLeast (s : Set α) (a : α) : Prop := a ∈ s ∧ a ∈ lowerBounds s
def IsGreatest (s : Set α) (a : α) : Prop := a ∈ s ∧ a ∈ upperBounds s
def IsLUB (s : Set α) : α → Prop := IsLeast (upperBounds s)
def IsGLB (s : Set α) : α → Prop := IsGreatest (lowerBounds s)

@[simp, grind =] theorem mem_upperBounds {s : Set α} {a : α} : a ∈ upperBounds s ↔ ∀ x, x ∈ s → x ≤ a := Iff.rfl
@[simp, grind =] theorem mem_lowerBounds {s : Set α} {a : α} : a ∈ lowerBounds s ↔ ∀ x, x ∈ s → a ≤ x := Iff.rfl
@[grind =] theorem isLeast_iff {s : Set α} {a : α} : IsLeast s a ↔ a ∈ s ∧ ∀ x, x ∈ s → a ≤ x := Iff.rfl
@[grind =] theorem isGreatest_iff {s : Set α} {a : α} : IsGreatest s a ↔ a ∈ s ∧ ∀ x, x ∈ s → x ≤ a := Iff.rfl

theorem IsLeast.unique [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {s : Set α} {a b : α}
    (ha : IsLeast s a) (hb : IsLeast s b) : a = b := le_antisymm (ha.2 hb.1) (hb.2 ha.1)
theorem IsGreatest.unique [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {s : Set α} {a b : α}
    (ha : IsGreatest s a) (hb : IsGreatest s b) : a = b := le_antisymm (hb.2 ha.1) (ha.2 hb.1)

end
