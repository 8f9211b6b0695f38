/-! Universe-polymorphic statements. -/

universe u v w

theorem id_comp {α : Sort u} {β : Sort v} (f : α → β) : f ∘ id = f := rfl
theorem comp_assoc {α : Sort u} {β : Sort v} {γ : Sort w} {δ : Type u} (f : α → β) (g : β → γ) (h : γ → δ) :
    (h ∘ g) ∘ f = h ∘ (g ∘ f) := rfl
theorem lift_down {α : Type u} (a : α) : (ULift.up.{v} a).down = a := rfl
theorem up_down {α : Type u} (a : ULift.{v} α) : ULift.up a.down = a := rfl
theorem plift {p : Prop} (h : Nonempty (PLift p)) : p := h.elim PLift.down
theorem sigma_ext {α : Type u} {β : α → Type v} (p : Sigma β) : ⟨p.1, p.2⟩ = p := rfl
theorem pprod {α : Sort u} {β : Sort v} (p : PProd α β) : PProd.mk p.1 p.2 = p := rfl
theorem nonempty_pi {ι : Type u} {α : ι → Type v} (h : ∀ i, Nonempty (α i)) : Nonempty (∀ i, α i) :=
  ⟨fun i => Classical.choice (h i)⟩
theorem max_levels (α : Type (max u v)) (a : α) : ∃ b : α, a = b := ⟨a, rfl⟩
theorem imax_levels (α : Sort u) (P : α → Prop) (h : ∀ a, P a) : (∀ a, P a) = True := propext ⟨fun _ => trivial, fun _ => h⟩
theorem subsingleton_fun {α : Sort u} {β : Sort v} [Subsingleton β] (f g : α → β) : f = g :=
  funext fun _ => Subsingleton.elim _ _
theorem explicit.{x, y} (α : Type x) (β : Type y) (p : α × β) : p.swap.swap = p := rfl
theorem type_in_larger : ∃ α : Type (u + 1), α = Type u := ⟨Type u, rfl⟩
theorem prop_is_sort : ∃ α : Sort 1, α = Prop := ⟨Prop, rfl⟩
def Iso (α : Type u) (β : Type v) : Prop := ∃ (f : α → β) (g : β → α), (∀ a, g (f a) = a) ∧ ∀ b, f (g b) = b
theorem Iso.refl (α : Type u) : Iso α α := ⟨id, id, fun _ => rfl, fun _ => rfl⟩
theorem Iso.symm {α : Type u} {β : Type v} : Iso α β → Iso β α := fun ⟨f, g, h, k⟩ => ⟨g, f, k, h⟩
theorem Iso.trans {α : Type u} {β : Type v} {γ : Type w} : Iso α β → Iso β γ → Iso α γ :=
  fun ⟨f, g, h, k⟩ ⟨f', g', h', k'⟩ => ⟨f' ∘ f, g ∘ g', fun a => by simp [h, h'], fun c => by simp [k, k']⟩
theorem Iso.curry {α : Type u} {β : Type v} {γ : Type w} : Iso (α × β → γ) (α → β → γ) :=
  ⟨fun f a b => f (a, b), fun f p => f p.1 p.2, fun _ => rfl, fun _ => rfl⟩
