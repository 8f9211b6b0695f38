/-! One tactic, or a few, each. -/

theorem add_swap (a b c : Nat) : a + b + c = a + c + b := by omega
theorem by_simp (l : List Nat) : (l ++ []).length = l.length := by simp
theorem by_decide : ∀ a b : Bool, (a && b) = (b && a) := by decide
theorem by_rfl : (2 : Nat) ^ 10 = 1024 := by rfl
theorem by_exact (p q : Prop) (hp : p) (hq : q) : p ∧ q := by exact ⟨hp, hq⟩
theorem by_constructor (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  constructor
  · exact hp
  · exact hq
theorem by_cases_or (p q : Prop) (h : p ∨ q) : q ∨ p := by
  cases h with
  | inl hp => exact .inr hp
  | inr hq => exact .inl hq
theorem by_rcases (p q r : Prop) (h : p ∧ (q ∨ r)) : (p ∧ q) ∨ (p ∧ r) := by
  rcases h with ⟨hp, hq | hr⟩
  · left; exact ⟨hp, hq⟩
  · right; exact ⟨hp, hr⟩
theorem by_obtain (P : Nat → Prop) (h : ∃ n, P n ∧ 3 < n) : ∃ n, P n := by
  obtain ⟨n, hn, _⟩ := h
  exact ⟨n, hn⟩
theorem by_exists : ∃ n : Nat, n * n = 144 := by exists 12
theorem by_refine (a b : Nat) (h : a ≤ b) : ∃ c, b = a + c := by
  refine ⟨b - a, ?_⟩
  omega
theorem by_rw (a b c : Nat) (h : a = b) : a * c = c * b := by rw [h, Nat.mul_comm]
theorem by_nth (a b : Nat) (h : a = b) : a + a = b + a := by
  conv => lhs; lhs; rw [h]
theorem by_subst (a b : Nat) (f : Nat → Nat) (h : a = b) : f a = f b := by
  subst h
  rfl
theorem by_funext (f : Nat → Nat) (h : ∀ n, f n = n) : f = id := by
  funext n
  exact h n
theorem by_ext (α : Type) (p q : α × α) (h : p.1 = q.1) (g : p.2 = q.2) : p = q := by
  ext
  · exact h
  · exact g
theorem by_propext (p : Prop) (h : p) : p = True := by
  apply propext
  exact ⟨fun _ => trivial, fun _ => h⟩
theorem by_contra (p : Prop) (h : ¬¬p) : p := by
  apply Classical.byContradiction
  intro g
  exact h g
theorem by_em (p : Prop) : p ∨ ¬p := by
  by_cases h : p
  · exact .inl h
  · exact .inr h
theorem by_contradiction' (n : Nat) (h : n < n) : n = 7 := by
  exfalso
  exact Nat.lt_irrefl n h
theorem by_injection (a b : Nat) (h : a.succ = b.succ) : a = b := by
  injection h
theorem by_nomatch (n : Nat) (h : n.succ = 0) : False := by
  nomatch h
theorem by_split (b : Bool) : (if b then 1 else 2) ≤ 2 := by
  split <;> decide
theorem by_match (n : Nat) : n = 0 ∨ ∃ m, n = m + 1 := by
  match n with
  | 0 => exact .inl rfl
  | m + 1 => exact .inr ⟨m, rfl⟩
theorem by_induction (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, ih]
theorem by_strong (P : Nat → Prop) (h : ∀ n, (∀ m, m < n → P m) → P n) (n : Nat) : P n := by
  induction n using Nat.strongRecOn with
  | _ n ih => exact h n ih
theorem by_generalizing (l : List Nat) (n : Nat) : l.foldl (· + ·) n = n + l.foldl (· + ·) 0 := by
  induction l generalizing n with
  | nil => simp
  | cons a l ih => simp only [List.foldl_cons]; rw [ih (n + a), ih (0 + a)]; omega
theorem by_calc (a b c d : Nat) (h : a = b) (g : b = c) (k : c = d) : a = d := by
  calc a = b := h
    _ = c := g
    _ = d := k
theorem by_calc_le (a b c : Nat) (h : a < b) (g : b ≤ c) : a + 1 ≤ c := by
  calc a + 1 ≤ b := h
    _ ≤ c := g
theorem by_have (a b : Nat) (h : a = 2 * b) : a % 2 = 0 := by
  have g : (2 * b) % 2 = 0 := Nat.mul_mod_right 2 b
  rw [h]
  exact g
theorem by_suffices (a b : Nat) (h : a ≤ b) : a ≤ b + 1 := by
  suffices g : a ≤ b by omega
  exact h
theorem by_show (a : Nat) : a.succ = a + 1 := by
  show a + 1 = a + 1
  rfl
theorem by_change (a : Nat) (h : a ≠ 0) : ¬ (a = 0) := by
  change a = 0 → False
  intro g
  exact h g
theorem by_specialize (P : Nat → Prop) (h : ∀ n, P n) : P 5 := by
  specialize h 5
  assumption
theorem by_revert (a b : Nat) (h : a = b) : b = a := by
  revert h
  intro h
  exact h.symm
theorem by_generalize (a b : Nat) : (a + b) * (a + b) = (a + b) ^ 2 := by
  generalize a + b = c
  rw [Nat.pow_two]
theorem by_simp_all (p q : Prop) (h : p) (g : p → q) : q ∧ p := by simp_all
theorem by_simp_inside (a b : Nat) (h : a + 3 ≤ b) : a < b := Nat.lt_of_lt_of_le (by simp) h
theorem by_grind (α : Type) (f : α → α) (a b : α) (h : f a = b) (g : f b = a) : f (f (f (f a))) = a := by grind
theorem by_grind_cases (p q r : Prop) (h : p ∨ q) (g : p → r) (k : q → r) : r := by grind
theorem by_ac (a b c d : Nat) : a + b + (c + d) = d + (c + b) + a := by ac_rfl
theorem by_dsimp (a : Nat) : (fun x => x + 1) a = a + 1 := by dsimp
theorem by_unfold (a b : Nat) : max a b = if a ≤ b then b else a := by
  simp only [Nat.max_def]
theorem by_delta : (fun (p : Prop) => ¬p) False := by
  intro h
  exact h
theorem by_congr (f : Nat → Nat → Nat) (a b c d : Nat) (h : a = c) (g : b = d) : f a b = f c d := by
  congr
theorem by_apply (p q r : Prop) (h : p → q → r) (hp : p) (hq : q) : r := by
  apply h
  all_goals assumption
theorem by_repeat (p q r s : Prop) (hp : p) (hq : q) (hr : r) (hs : s) : p ∧ q ∧ r ∧ s := by
  repeat' constructor
  all_goals assumption
theorem by_first (a b : Nat) : a + b = b + a := by
  first
    | rfl
    | exact Nat.add_comm a b
theorem by_iterate (a : Nat) : a ≤ a + 3 := by
  iterate 3 apply Nat.le_succ_of_le
  exact Nat.le_refl a
theorem by_any_goals (p q : Prop) (hp : p) : p ∧ (q → p) := by
  constructor
  any_goals intros
  all_goals exact hp
theorem by_rename (a b : Nat) (h : a = b) : b = a := by
  rename a = b => g
  exact g.symm
theorem by_next (p q : Prop) : p → q → p := by
  intro
  intro
  rename_i h _
  exact h
theorem by_symm_at (a b : Nat) (h : a = b) : b = a := by
  symm at h
  exact h
theorem by_replace (a b : Nat) (h : a + 0 = b) : a = b := by
  replace h := h
  simpa using h
theorem by_norm_cast (a b : Nat) (h : (a : Int) = b) : a = b := by exact_mod_cast h
theorem by_push_cast (a b : Nat) : ((a + b : Nat) : Int) = a + b := by push_cast; rfl
theorem by_exists_two : ∃ a b : Nat, a * b = 91 ∧ 1 < a ∧ 1 < b := by
  refine ⟨7, 13, ?_, ?_, ?_⟩ <;> decide
theorem by_ite (a b : Nat) (h : a < b) : (if a < b then a else b) = a := by rw [if_pos h]
theorem by_nested (p q r : Prop) : (p → q) → (q → r) → p → r := by
  intro f g
  · intro hp
    exact (by
      apply g
      exact (by
        apply f
        exact hp))
