import Mathlib

/-! The smaller tactics: `split_ifs`, `simp_rw`, `nth_rw`, `set`, `lift`, `choose`, `apply_fun`, `convert`, `congr!`,
`abel`, `bound`, `rel`, `existsi`, `triv`, `itauto`, and `gcongr` with strict powers and division. -/

theorem ifs01 (a b : ℤ) : (if a ≤ b then a else b) ≤ a := by split_ifs <;> linarith
theorem ifs02 (a b : ℤ) : (if a ≤ b then a else b) ≤ a := by
  split_ifs with h
  · exact le_rfl
  · push_neg at h
    exact le_of_lt h
theorem ifs03 (n : ℕ) (h : (if n = 3 then 1 else 0) = 1) : n = 3 := by
  split_ifs at h with h'
  exact h'
theorem ifs04 (p q : Prop) [Decidable p] [Decidable q] :
    (if p then (if q then 1 else 2) else 3) ≤ 3 := by
  split_ifs with hp hq
  · norm_num
  · norm_num
  · norm_num
theorem ifs05 (p : Prop) [Decidable p] (hp : p) : (if p then 1 else 2) = 1 := by
  split_ifs
  rfl
theorem ifs06 (x : ℚ) (f : ℚ → ℚ) (hf : ∀ y, f y = if y < 0 then -y else y) : 0 ≤ f x := by
  rw [hf]
  split_ifs with h
  · linarith
  · linarith
theorem simprw01 (f : ℕ → ℕ) (h : ∀ n, f n = n + 1) : (fun n => f (f n)) = fun n => n + 1 + 1 := by
  simp_rw [h]
theorem simprw02 (f : ℕ → ℕ) (h : ∀ n, f n = n + 1) : ∀ n, 0 < f n := by
  simp_rw [h]
  intro n
  positivity
theorem simprw03 (f g : ℕ → ℕ) (h : ∀ n, f n = g n) (h' : ∃ n, f n = 3) : ∃ n, g n = 3 := by
  simp_rw [h] at h'
  exact h'
theorem nth01 (a b : ℕ) (h : a = b) : a + a = a + b := by nth_rw 2 [h]
theorem nth02 (a b : ℕ) (h : a = b) : a * a = b * a := by
  nth_rewrite 1 [h]
  rfl
theorem nth03 (a b c : ℕ) (h : a = b) (h' : a * a = c) : a * b = c := by
  nth_rw 2 [h] at h'
  exact h'
theorem set01 (x : ℤ) (h : x ^ 2 + 1 ≤ 5) : x ^ 2 ≤ 4 := by
  set y := x ^ 2 with hy
  linarith
theorem set02 (x y : ℤ) : (x + y) * (x + y) = x * x + 2 * x * y + y * y := by
  set s := x + y with hs
  rw [hs]
  ring
theorem set03 (a : ℚ) (h : 2 * (a + 1) = 6) : a + 1 = 3 := by
  set b : ℚ := a + 1
  linarith
theorem set04 (a b : ℕ) : a + b = b + a := by
  set s := a + b with hs
  have h : s = a + b := hs
  rw [h, add_comm]
theorem lift01 (x : ℤ) (hx : 0 ≤ x) : ∃ n : ℕ, (n : ℤ) = x := by
  lift x to ℕ using hx
  exact ⟨x, rfl⟩
theorem lift02 (x y : ℤ) (hx : 0 ≤ x) (hy : x = y) : 0 ≤ y := by
  lift x to ℕ using hx
  rw [← hy]
  positivity
theorem choose01 (r : ℕ → ℕ → Prop) (h : ∀ n, ∃ m, r n m) : ∃ f : ℕ → ℕ, ∀ n, r n (f n) := by
  choose f hf using h
  exact ⟨f, hf⟩
theorem choose02 (α β : Type) (g : α → β) (h : ∀ b, ∃ a, g a = b) : ∃ s : β → α, ∀ b, g (s b) = b := by
  choose s hs using h
  use s
theorem choose03 (α β : Type) (g : α → β) (h : Function.Surjective g) : ∃ s : β → α, g ∘ s = id := by
  choose s hs using h
  refine ⟨s, ?_⟩
  funext b
  exact hs b
theorem applyfun01 (a b : ℕ) (h : a = b) : a + 3 = b + 3 := by
  apply_fun (fun x => x + 3) at h
  exact h
theorem applyfun02 (f g : ℕ → ℕ) (h : ∀ x, g (f x) = x) (a b : ℕ) (e : f a = f b) : a = b := by
  apply_fun g at e
  rwa [h, h] at e
theorem convert01 (f : ℕ → ℕ) (a b : ℕ) (hab : b = a) (h : f a = 5) : f b = 5 := by convert h
theorem convert02 (f : ℕ → ℕ) (a : ℕ) (h : f (a + a) = 5) : f (2 * a) = 5 := by
  convert h using 2
  ring
theorem convert03 (p : ℕ → Prop) (a b : ℕ) (h : p (a + b)) : p (b + a) := by
  convert h using 1
  exact add_comm b a
theorem congr01 (f : ℕ → ℕ) (a b : ℕ) (h : a = b) : f a = f b := by congr!
theorem congr02 (f : ℕ → ℕ → ℕ) (a b c d : ℕ) (h : a = b) (h' : c = d) : f a c = f b d := by
  congr!
theorem congr03 (f : ℤ → ℤ) (a b : ℤ) : f (a + b) = f (b + a) := by
  congr! 1
  ring
theorem abel01 (a b c : ℤ) : a + b + c = c + (b + a) := by abel
theorem abel02 (a b : ℚ) : a - b + b + a = 2 * a := by abel
theorem abel03 (a b c : ℤ) : a - (b - c) = a - b + c := by abel
theorem abel04 (a b c : ℕ) : a + b + c + a = 2 * a + (c + b) := by abel
theorem bound01 (x : ℚ) : 0 ≤ x ^ 2 + 1 := by bound
theorem bound02 (x y : ℚ) (h : x ≤ y) : x + 1 ≤ y + 1 := by bound
theorem bound03 (a b : ℚ) (ha : 0 ≤ a) (hb : 0 < b) : 0 ≤ a * b + a := by bound
theorem bound04 (x y z : ℚ) (h : x < y) (h' : y ≤ z) : x < z := by bound
theorem rel01 (a b c d : ℤ) (h : a ≤ b) (h' : c ≤ d) : a + c ≤ b + d := by rel [h, h']
theorem rel02 (a b : ℚ) (h : a ≤ b) : 3 * a + 1 ≤ 3 * b + 1 := by rel [h]
theorem rel03 (x y : ℕ) (h : ∀ n, n < 5 → x ≤ n + y) : x + 2 ≤ 3 + y + 2 := by rel [h 3 (by norm_num)]
theorem existsi01 : ∃ n : ℕ, n * n = 49 := by
  existsi 7
  norm_num
theorem existsi02 : ∃ a b : ℤ, a + b = 3 ∧ a < b := by
  existsi 1
  existsi 2
  constructor <;> norm_num
theorem triv01 : True := by triv
theorem triv02 (p : Prop) (hp : p) : p ∧ True := by
  constructor
  · exact hp
  · triv
theorem itauto01 (p q : Prop) : p ∧ q → q ∧ p := by itauto
theorem itauto02 (p q r : Prop) (h : p → q) (h' : q → r) : p → r := by itauto
theorem itauto03 (p q : Prop) (h : p ∨ q) (hp : ¬p) : q := by itauto
theorem gcongr01 (a b : ℚ) (ha : 0 ≤ a) (h : a < b) : a ^ 3 < b ^ 3 := by gcongr
theorem gcongr02 (a b : ℚ) (n : ℕ) (ha : 0 ≤ a) (h : a < b) (hn : n ≠ 0) : a ^ n < b ^ n := by gcongr
theorem gcongr03 (a b c : ℚ) (hc : 0 < c) (h : a < b) : a / c < b / c := by gcongr
theorem gcongr04 (a b c : ℚ) (hc : 0 ≤ c) (h : a ≤ b) : a / c ≤ b / c := by gcongr
theorem gcongr05 (a b : ℚ) (h : a < b) : a / 2 + 1 < b / 2 + 1 := by gcongr
theorem gcongr06 (a b : ℕ) (h : a < b) : a ^ 2 < b ^ 2 := by gcongr
theorem gcongr07 (a b c d : ℚ) (ha : 0 ≤ a) (hab : a < b) (hcd : c ≤ d) : a ^ 2 + c < b ^ 2 + d := by gcongr

theorem swap01 (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  constructor
  swap
  · exact hq
  · exact hp
